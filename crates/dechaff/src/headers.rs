//! What the head of a response says: whether the body is a page that may be changed, and what is not so any more when it was.

use http::header::{self, AsHeaderName, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, response};

use crate::body::OF_BYTES;

/// What is cleaned, whatever stands after the `;`.
const PAGES: [&str; 2] = ["text/html", "application/xhtml+xml"];

/// What is to be done with a response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Treatment {
    /// It is a page.
    Clean,
    /// It has no body, but is about a page that would be cleaned.
    HeadOnly,
    /// It passes as it is.
    None,
}

/// What is to be done with the response to a request that was a `HEAD` or was not.
pub(crate) fn treatment(response: &response::Parts, head: bool) -> Treatment {
    let headers = &response.headers;
    if response.status == StatusCode::PARTIAL_CONTENT || is_not_to_change(headers) || is_encoded(headers) {
        return Treatment::None;
    }
    let page = content_type(headers).is_some_and(is_page);
    match response.status {
        // It stands for the whole response, of which it rarely repeats the type.
        StatusCode::NOT_MODIFIED if page || !headers.contains_key(header::CONTENT_TYPE) => Treatment::HeadOnly,
        StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => Treatment::None,
        status if !page || status.is_informational() => Treatment::None,
        _ if head => Treatment::HeadOnly,
        _ => Treatment::Clean,
    }
}

/// Whether the sender forbids changes (RFC 9111, 5.2.1.6 and 5.2.2.6).
pub(crate) fn is_not_to_change(headers: &HeaderMap) -> bool {
    has_word(headers, header::CACHE_CONTROL, |word| word.eq_ignore_ascii_case("no-transform"))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    has_word(headers, header::CONTENT_ENCODING, |word| !word.is_empty() && !word.eq_ignore_ascii_case("identity"))
}

/// Whether a field that is a list has such a word in it. What is no text may be anything.
fn has_word(headers: &HeaderMap, name: impl AsHeaderName, is_it: impl Fn(&str) -> bool) -> bool {
    headers.get_all(name).iter().any(|value| match value.to_str() {
        Ok(value) => value.split(',').any(|word| is_it(word.trim())),
        Err(_) => true,
    })
}

/// The type, if there is exactly one.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

fn is_page(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    PAGES.iter().any(|page| essence.eq_ignore_ascii_case(page))
}

/// Takes back what was said of the bytes of a page that is cleaned.
pub(crate) fn adjust(headers: &mut HeaderMap) {
    for name in [header::CONTENT_LENGTH, header::ACCEPT_RANGES] {
        headers.remove(name);
    }
    for name in OF_BYTES {
        headers.remove(HeaderName::from_static(name));
    }
    let tag = headers.remove(header::ETAG);
    if let Some(weak) = tag.and_then(|tag| weakened(&tag)) {
        headers.insert(header::ETAG, weak);
    }
}

/// An entity tag that no longer says that it is about each byte. If it is none, nothing.
fn weakened(tag: &HeaderValue) -> Option<HeaderValue> {
    match tag.as_bytes() {
        [b'W', b'/', b'"', .., b'"'] => Some(tag.clone()),
        [b'"', .., b'"'] => HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok(),
        _ => None,
    }
}
