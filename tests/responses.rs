//! Bodies and responses: which are cleaned, what becomes of their heads, and how long they say they are.

mod fixtures;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use dechaff::{Category, CleanBody, CleanLayer, Cleaner, Outcome};
use fixtures::corpus;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full};
use tower::{Layer, ServiceExt, service_fn};

const PAGE: &str = "<p>Text</p><div class=\"sharedaddy\">Share this</div><p>More</p>";
const CLEAN: &str = "<p>Text</p><p>More</p>";

fn assert_send<T: Send>(value: T) -> T {
    value
}

/// A body of these frames, which says how long it is, if it knows.
struct Frames {
    frames: VecDeque<Result<Frame<Bytes>, &'static str>>,
    hint: SizeHint,
}

impl Frames {
    fn new(frames: impl IntoIterator<Item = Result<Frame<Bytes>, &'static str>>) -> Self {
        Self { frames: frames.into_iter().collect(), hint: SizeHint::default() }
    }

    fn of(page: &[u8], size: usize) -> Self {
        let frames = page.chunks(size).map(|chunk| Ok(Frame::data(Bytes::copy_from_slice(chunk))));
        Self { hint: SizeHint::with_exact(page.len() as u64), ..Self::new(frames) }
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        let frame = self.frames.pop_front();
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && let Some(exact) = self.hint.exact()
        {
            self.hint = SizeHint::with_exact(exact - data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.frames.is_empty() { SizeHint::with_exact(0) } else { self.hint }
    }
}

/// Reads a body frame by frame, and holds it to what it says of itself at each.
fn read<B: Body<Data = Bytes, Error: std::fmt::Debug>>(body: B) -> (Bytes, Option<HeaderMap>) {
    let mut body = pin!(body);
    let mut cx = Context::from_waker(Waker::noop());
    let (mut data, mut trailers, mut hints) = (BytesMut::new(), None, Vec::new());
    loop {
        hints.push((data.len() as u64, body.size_hint()));
        if body.is_end_stream() {
            assert_eq!(body.size_hint().exact(), Some(0));
            assert!(matches!(body.as_mut().poll_frame(&mut cx), Poll::Ready(None)), "there was more");
            break;
        }
        match body.as_mut().poll_frame(&mut cx) {
            Poll::Ready(Some(frame)) => match frame.unwrap().into_data() {
                Ok(piece) => data.extend_from_slice(&piece),
                Err(frame) => trailers = frame.into_trailers().ok(),
            },
            Poll::Ready(None) => break,
            Poll::Pending => {}
        }
    }
    for (before, hint) in hints {
        let left = data.len() as u64 - before;
        assert!(
            hint.lower() <= left && hint.upper().is_none_or(|upper| left <= upper),
            "{left} bytes left, not {hint:?}"
        );
    }
    (data.freeze(), trailers)
}

#[test]
fn a_body_gives_what_one_call_gives_and_says_how_long_it_may_be() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    for page in corpus() {
        let want = all.clean(&page.source).unwrap();
        for size in [1, 64, 4096, usize::MAX] {
            let body = assert_send(all.body(Frames::of(&page.source, size.min(page.source.len()))));
            let outcome = body.outcome().unwrap();
            let (clean, trailers) = read(body);
            assert!(clean == want.0 && trailers.is_none(), "{} in frames of {size}", page.name);
            assert_eq!(outcome.get().unwrap().unwrap(), want.1);
        }
    }
}

#[test]
fn trailers_come_after_the_page_without_digests_of_it() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-seen", "1".parse().unwrap());
    trailers.insert("content-digest", "sha-256=:x:".parse().unwrap());
    // The last bytes of the page are held until it ends.
    let page = "<p>Text</p><div class=newsletter-signup>Issue 12";
    let frames = [Ok(Frame::data(Bytes::from(page))), Ok(Frame::trailers(trailers.clone()))];
    let body = Cleaner::new().body(Frames::new(frames));
    let outcome = body.outcome().unwrap();
    let (clean, rest) = read(body);
    assert_eq!((clean, outcome.get().unwrap().unwrap().bytes_in), (Bytes::from(page), page.len() as u64));
    assert_eq!(rest.unwrap().keys().collect::<Vec<_>>(), ["x-seen"]);
    // As it is means as it is.
    let frames = [Ok(Frame::trailers(trailers.clone()))];
    assert_eq!(read(CleanBody::untouched(Frames::new(frames))).1, Some(trailers));
}

#[test]
fn an_empty_body_is_at_its_end_before_anybody_asks() {
    let body = Cleaner::new().body(Empty::<Bytes>::new());
    assert!(body.is_end_stream() && body.size_hint().exact() == Some(0));
    assert_eq!(body.outcome().unwrap().get().unwrap().unwrap().bytes_in, 0);
}

#[test]
fn an_error_of_a_body_comes_through_and_a_body_that_is_dropped_is_unfinished() {
    let body = Cleaner::new().body(Frames::new([Ok(Frame::data(Bytes::from(PAGE))), Err("on fire")]));
    let outcome = body.outcome().unwrap();
    assert_eq!(body.collect().now_or_never().unwrap().unwrap_err(), "on fire");
    assert!(outcome.get().unwrap().unwrap_err().is_unfinished());
}

/// The response to a `GET` of a service that responds with `response`.
fn respond<B: Body + Send + 'static>(request: Request<()>, response: Response<B>) -> Response<CleanBody<B>> {
    let mut response = Some(response);
    let service = service_fn(move |_: Request<()>| {
        let response = response.take().expect("asked once");
        async { Ok::<_, Infallible>(response) }
    });
    let service = CleanLayer::new(Cleaner::new()).layer(service);
    assert_send(service.oneshot(request)).now_or_never().unwrap().unwrap()
}

/// A page with these fields.
fn page(fields: &[(&str, &str)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(PAGE));
    for (name, value) in fields {
        let name = name.parse::<http::HeaderName>().unwrap();
        response.headers_mut().append(name, value.parse().unwrap());
    }
    response
}

fn body_of<B: Body<Data = Bytes, Error: std::fmt::Debug>>(response: Response<B>) -> Bytes {
    read(response.into_body()).0
}

const HTML: (&str, &str) = ("content-type", "text/html");

#[test]
fn pages_are_cleaned_by_their_type() {
    for name in ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml", "text/html;level=1"] {
        let response = respond(Request::default(), page(&[("content-type", name)]));
        let outcome = response.extensions().get::<Outcome>().cloned().unwrap();
        assert_eq!(body_of(response), CLEAN, "{name}");
        assert_eq!(outcome.get().unwrap().unwrap().cuts.len(), 1);
    }
    for name in ["text/plain", "application/json", "image/svg+xml", "text/htmlx", "", "application/pdf"] {
        let response = respond(Request::default(), page(&[("content-type", name)]));
        assert!(response.extensions().get::<Outcome>().is_none());
        assert_eq!(response.body().size_hint().exact(), Some(PAGE.len() as u64));
        assert_eq!(body_of(response), PAGE, "{name}");
    }
    assert_eq!(body_of(respond(Request::default(), page(&[]))), PAGE, "without a type");
    assert_eq!(body_of(respond(Request::default(), page(&[HTML, ("content-type", "text/plain")]))), PAGE, "two types");
}

#[test]
fn what_is_said_of_the_bytes_goes_with_them() {
    let fields = [
        HTML,
        ("content-length", "64"),
        ("accept-ranges", "bytes"),
        ("content-range", "bytes */64"),
        ("content-md5", "x"),
        ("digest", "sha-256=x"),
        ("content-digest", "sha-256=:x:"),
        ("repr-digest", "sha-256=:x:"),
        ("etag", "\"7\""),
        ("last-modified", "Tue, 01 Dec 2026 00:00:00 GMT"),
        ("x-own", "1"),
    ];
    let response = respond(Request::default(), page(&fields));
    let mut left: Vec<_> = response.headers().keys().map(http::HeaderName::as_str).collect();
    left.sort_unstable();
    assert_eq!(left, ["content-type", "etag", "last-modified", "x-own"]);
    assert_eq!(response.headers()["etag"], "W/\"7\"");
    assert_eq!(response.body().size_hint().exact(), None);
    assert_eq!(response.body().size_hint().upper(), Some(PAGE.len() as u64));

    let trailer = |names: &[&str]| {
        let fields: Vec<_> = [HTML].into_iter().chain(names.iter().map(|name| ("trailer", *name))).collect();
        let response = respond(Request::default(), page(&fields));
        response.headers().get("trailer").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(trailer(&["Content-Digest, x-seen", "DIGEST"]).as_deref(), Some("x-seen"));
    assert_eq!(trailer(&["x-seen"]).as_deref(), Some("x-seen"));
    assert_eq!(trailer(&["repr-digest"]), None);

    let tag = |tag: &str| respond(Request::default(), page(&[HTML, ("etag", tag)])).headers().get("etag").cloned();
    assert_eq!(tag("W/\"7\"").unwrap(), "W/\"7\"");
    assert_eq!(tag("7"), None, "it is no tag");
    // What is no page keeps all of it.
    let fields = [("content-type", "text/css"), ("content-length", "64"), ("etag", "\"7\"")];
    assert_eq!(respond(Request::default(), page(&fields)).headers(), page(&fields).headers());
}

#[test]
fn what_is_encoded_or_a_part_or_may_not_be_changed_is_left_alone() {
    for (name, value) in [
        ("content-encoding", "gzip"),
        ("content-encoding", "identity, br"),
        ("cache-control", "no-transform"),
        ("cache-control", "public, No-Transform, max-age=9"),
    ] {
        let fields = [HTML, ("content-length", "64"), (name, value)];
        let response = respond(Request::default(), page(&fields));
        assert_eq!(response.headers(), page(&fields).headers());
        assert_eq!(body_of(response), PAGE, "{name}: {value}");
    }
    for (name, value) in [("content-encoding", "identity"), ("content-encoding", ""), ("cache-control", "no-store")] {
        assert_eq!(body_of(respond(Request::default(), page(&[HTML, (name, value)]))), CLEAN, "{name}: {value}");
    }
    for value in ["text/html", "text/html; name=\u{e9}"] {
        let mut twice = page(&[]);
        for _ in 0..2 {
            twice.headers_mut().append("content-type", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        assert_eq!(body_of(respond(Request::default(), twice)), CLEAN, "the same twice: {value}");
    }
    let mut part = page(&[HTML]);
    *part.status_mut() = StatusCode::PARTIAL_CONTENT;
    assert_eq!(body_of(respond(Request::default(), part)), PAGE);
    let request = Request::builder().header("cache-control", "no-transform").body(()).unwrap();
    assert_eq!(body_of(respond(request, page(&[HTML]))), PAGE, "the client asked for that");
    let mut missing = page(&[HTML]);
    *missing.status_mut() = StatusCode::NOT_FOUND;
    assert_eq!(body_of(respond(Request::default(), missing)), CLEAN, "an error is a page, too");
}

/// Their heads say what that of the page would: caches compare them.
#[test]
fn responses_without_a_body_have_the_head_of_the_page() {
    let fields = [HTML, ("content-length", "64"), ("etag", "\"7\"")];
    let empty = |fields: &[(&str, &str)], status| {
        let (mut parts, _) = page(fields).into_parts();
        parts.status = status;
        Response::from_parts(parts, Empty::<Bytes>::new())
    };
    let head = Request::builder().method(Method::HEAD).body(()).unwrap();
    let response = respond(head, empty(&fields, StatusCode::OK));
    assert_eq!(response.headers()["etag"], "W/\"7\"");
    assert!(!response.headers().contains_key("content-length") && response.body().is_end_stream());
    // Servers make a length of an exact one.
    assert!(response.body().size_hint().exact().is_none());
    assert!(response.extensions().get::<Outcome>().is_none());
    for fields in [&fields[..], &fields[2..]] {
        let response = respond(Request::default(), empty(fields, StatusCode::NOT_MODIFIED));
        assert_eq!(response.headers()["etag"], "W/\"7\"");
        assert!(response.body().is_end_stream());
    }
    // Whatever came with a strong tag is no page.
    for (known, want) in [
        ("\"7\"", "\"7\""),
        ("\"6\", W/\"5,\", \"7\"", "\"7\""),
        ("W/\"7\"", "W/\"7\""),
        ("\"7\", W/\"7\"", "W/\"7\""),
        ("\"6\"", "W/\"7\""),
        ("*", "W/\"7\""),
        ("\"7", "W/\"7\""),
    ] {
        let request = || Request::builder().header("if-none-match", known).body(()).unwrap();
        let untyped = [("etag", "\"7\""), ("accept-ranges", "bytes")];
        let response = respond(request(), empty(&untyped, StatusCode::NOT_MODIFIED));
        assert_eq!(response.headers()["etag"], want, "{known}");
        assert_eq!(response.headers().contains_key("accept-ranges"), want == "\"7\"");
        let typed = respond(request(), empty(&fields, StatusCode::NOT_MODIFIED));
        assert_eq!(typed.headers()["etag"], "W/\"7\"", "it is a page");
    }
    // A body that is not to be sent is not there: HTTP/2 would send it.
    let head = Request::builder().method(Method::HEAD).body(()).unwrap();
    let response = respond(head, page(&fields));
    assert!(response.body().is_end_stream() && response.body().size_hint().exact().is_none());
    assert_eq!(response.into_body().collect().now_or_never().unwrap().unwrap().to_bytes(), "");
    for (status, fields) in [
        (StatusCode::NOT_MODIFIED, &[("content-type", "image/png"), ("etag", "\"7\"")][..]),
        (StatusCode::NOT_MODIFIED, &[("cache-control", "no-transform"), ("etag", "\"7\"")]),
        (StatusCode::NO_CONTENT, &[HTML, ("etag", "\"7\"")]),
        (StatusCode::SWITCHING_PROTOCOLS, &[HTML, ("etag", "\"7\"")]),
    ] {
        let response = respond(Request::default(), empty(fields, status));
        assert_eq!(response.headers()["etag"], "\"7\"", "{status}");
        assert!(response.body().is_end_stream());
    }
}

/// A charset counts that is right; one that is wrong is what the page is read in, and its bytes still come out as they are.
#[test]
fn the_charset_counts_and_no_byte_changes_if_it_is_wrong() {
    let latin = Bytes::from_static(b"<p>caf\xE9</p><p>Abonnez-vous \xE0 notre newsletter</p>");
    for (charset, want) in [("iso-8859-1", &b"<p>caf\xE9</p>"[..]), ("utf-16", &latin), ("no-such", b"<p>caf\xE9</p>")]
    {
        let mut response = page(&[("content-type", &format!("text/html; charset={charset}"))]);
        *response.body_mut() = Full::from(latin.clone());
        assert_eq!(body_of(respond(Request::default(), response)), want, "{charset}");
    }
}

#[cfg(feature = "rules")]
#[test]
fn the_host_of_the_request_is_the_site() {
    let list = dechaff::FilterList::parse("list", "rye.example##.promo").unwrap();
    let cleaner = Cleaner::builder().filter_list(list).build();
    let service = CleanLayer::new(cleaner).layer(service_fn(|_: Request<()>| async {
        let page = Full::<Bytes>::from("<p>Rye</p><p class=promo>Mugs</p>");
        Response::builder().header("content-type", "text/html").body(page)
    }));
    let service = std::sync::Arc::new(service);
    let get = |request: http::request::Builder| {
        let response = (*service).clone().oneshot(request.body(()).unwrap()).now_or_never().unwrap().unwrap();
        body_of(response)
    };
    assert_eq!(get(Request::builder().uri("http://rye.example/a")), "<p>Rye</p>");
    assert_eq!(get(Request::builder().uri("/a").header("host", "www.rye.example:8080")), "<p>Rye</p>");
    assert_eq!(get(Request::builder().uri("/a").header("host", "other.example")), "<p>Rye</p><p class=promo>Mugs</p>");
}
