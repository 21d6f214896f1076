//! What the head of a response says: whether the body is a page that may be changed, and what is not so any more when it was.

use http::header::{self, AsHeaderName, HeaderMap, HeaderValue};
use http::{Method, Request, StatusCode, response};
use memchr::memchr;

use crate::body::{OF_BYTES, remove_digests};

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

/// What a request says of what may be done with the response.
#[derive(Debug)]
pub(crate) struct Asked {
    unchanged: bool,
    head: bool,
    /// Its `If-None-Match`.
    known: Vec<HeaderValue>,
}

impl Asked {
    pub(crate) fn by<Q>(request: &Request<Q>) -> Self {
        Self {
            unchanged: is_not_to_change(request.headers()),
            head: request.method() == Method::HEAD,
            known: request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect(),
        }
    }

    /// What is to be done with the response.
    pub(crate) fn treatment(&self, response: &response::Parts) -> Treatment {
        let headers = &response.headers;
        if self.unchanged
            || response.status == StatusCode::PARTIAL_CONTENT
            || is_not_to_change(headers)
            || is_encoded(headers)
        {
            return Treatment::None;
        }
        let page = content_type(headers).is_some_and(is_page);
        match response.status {
            // It stands for the whole response, of which it rarely repeats the type.
            StatusCode::NOT_MODIFIED if page => Treatment::HeadOnly,
            StatusCode::NOT_MODIFIED if !headers.contains_key(header::CONTENT_TYPE) && !self.has_as_it_is(headers) => {
                Treatment::HeadOnly
            }
            StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => Treatment::None,
            status if !page || status.is_informational() => Treatment::None,
            _ if self.head => Treatment::HeadOnly,
            _ => Treatment::Clean,
        }
    }

    /// Whether who asks has the response with its strong tag: a page that was cleaned has a weak one.
    fn has_as_it_is(&self, headers: &HeaderMap) -> bool {
        let Some(tag) = headers.get(header::ETAG) else { return false };
        let mut same = self.known.iter().flat_map(|known| entity_tags(known.as_bytes())).filter(|known| known.1 == tag);
        same.next().is_some_and(|(weak, _)| !weak) && same.all(|(weak, _)| !weak)
    }
}

/// The entity tags of a list, each with whether it is weak, and without the mark of that.
fn entity_tags(list: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let start = memchr(b'"', rest)?;
        let end = start + 2 + memchr(b'"', &rest[start + 1..])?;
        let tag = (rest[..start].ends_with(b"W/"), &rest[start..end]);
        rest = &rest[end..];
        Some(tag)
    })
}

/// Whether the sender forbids changes (RFC 9111, 5.2.1.6 and 5.2.2.6).
fn is_not_to_change(headers: &HeaderMap) -> bool {
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

/// The type, if it is not said in two ways.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next()?;
    values.all(|other| other == value).then_some(value)
}

fn is_page(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    PAGES.iter().any(|page| essence.eq_ignore_ascii_case(page.as_bytes()))
}

/// Takes back what was said of the bytes of a page that is cleaned.
pub(crate) fn adjust(headers: &mut HeaderMap) {
    // A `Content-Range` is here on a 416, and says how long the page was.
    for name in [header::CONTENT_LENGTH, header::CONTENT_RANGE, header::ACCEPT_RANGES] {
        headers.remove(name);
    }
    remove_digests(headers);
    // Nor do digests come after the page.
    if has_word(headers, header::TRAILER, is_digest) {
        let trailers = headers.get_all(header::TRAILER).iter().filter_map(|value| value.to_str().ok());
        let names = trailers.flat_map(|value| value.split(',')).map(str::trim);
        let left = names.filter(|name| !is_digest(name)).collect::<Vec<_>>().join(", ");
        headers.remove(header::TRAILER);
        if let Some(left) = HeaderValue::try_from(left).ok().filter(|left| !left.is_empty()) {
            headers.insert(header::TRAILER, left);
        }
    }
    let tag = headers.remove(header::ETAG);
    if let Some(weak) = tag.and_then(|tag| weakened(&tag)) {
        headers.insert(header::ETAG, weak);
    }
}

fn is_digest(name: &str) -> bool {
    OF_BYTES.iter().any(|digest| name.eq_ignore_ascii_case(digest.as_str()))
}

/// An entity tag that no longer says that it is about each byte. If it is none, nothing.
fn weakened(tag: &HeaderValue) -> Option<HeaderValue> {
    match tag.as_bytes() {
        [b'W', b'/', b'"', .., b'"'] => Some(tag.clone()),
        [b'"', .., b'"'] => HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok(),
        _ => None,
    }
}
