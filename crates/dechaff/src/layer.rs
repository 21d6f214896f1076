//! Responses that are pages, cleaned on their way.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, Request, Response, header};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::headers::{self, Asked, Treatment};
use crate::{CleanBody, Cleaner, PageCleaner};

/// Cleans the pages that a [`Service`] responds with, in a server, a client or what stands between them. With the feature `tower`.
///
/// What is cleaned are bodies of `text/html` and `application/xhtml+xml`; the `charset` of the `Content-Type` counts as it does
/// in [`PageCleaner::content_type`](crate::PageCleaner::content_type), and the host of the request, or its `Host`, as in
/// [`PageCleaner::url`](crate::PageCleaner::url).
///
/// These pass as they are:
/// - what has another type, or none;
/// - what has a `Content-Encoding` other than `identity`: ask for pages without `Accept-Encoding`, or have them unpacked inside of
///   this layer, by `DecompressionLayer` of `tower-http`, say. In a `ServiceBuilder` that comes after this one; in axum, where the
///   last layer is the outermost one, before it;
/// - parts (206);
/// - what may not be changed: if the `Cache-Control` of the response, or of the request, is `no-transform`, RFC 9110, 7.7, asks
///   every proxy to keep to it.
///
/// From the head of what is cleaned goes what is not so any more: `Content-Length`, `Content-Range`, `Accept-Ranges`,
/// `Content-MD5`, `Digest`, `Content-Digest`, `Repr-Digest`. A strong `ETag` becomes a weak one: caches can still ask whether a page
/// has changed, but not for a part of it, and `If-Match` never holds. The status stays.
///
/// So it is with the response to a `HEAD`, and with a 304 that is for a page, or that says no type unless the request has named its
/// strong tag. They have a head alone, and no outcome.
///
/// How each page ends can be found out: its [`Outcome`](crate::Outcome) is among the
/// [extensions](http::Extensions) of the response.
///
/// [`Service`]: https://docs.rs/tower-service/0.3/tower_service/trait.Service.html
///
/// ```
/// use bytes::Bytes;
/// use dechaff::{CleanLayer, Cleaner, Outcome};
/// use http::{Request, Response};
/// use http_body_util::{BodyExt, Full};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let service = ServiceBuilder::new().layer(CleanLayer::new(Cleaner::new())).service_fn(|_| async {
///     let page = Full::<Bytes>::from("<p>News</p><div class='sharedaddy'>Share this</div>");
///     Response::builder().header("content-type", "text/html").header("etag", "\"7\"").body(page)
/// });
/// let response = service.oneshot(Request::new(())).await?;
/// assert_eq!(response.headers()["etag"], "W/\"7\"");
/// let outcome = response.extensions().get::<Outcome>().cloned().expect("it is a page");
/// assert_eq!(response.into_body().collect().await?.to_bytes(), "<p>News</p>");
/// assert_eq!(outcome.await?.cuts.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub struct CleanLayer {
    cleaner: Cleaner,
}

impl CleanLayer {
    /// A layer that cleans with `cleaner`.
    pub fn new(cleaner: Cleaner) -> Self {
        Self { cleaner }
    }
}

impl<S> Layer<S> for CleanLayer {
    type Service = CleanService<S>;

    fn layer(&self, inner: S) -> CleanService<S> {
        CleanService { inner, cleaner: self.cleaner.clone() }
    }
}

/// A service whose pages are cleaned. Made by [`CleanLayer`].
#[derive(Clone)]
#[must_use]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub struct CleanService<S> {
    inner: S,
    cleaner: Cleaner,
}

impl<S> fmt::Debug for CleanService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanService").finish_non_exhaustive()
    }
}

impl<S, Q, B> Service<Request<Q>> for CleanService<S>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Body,
{
    type Response = Response<CleanBody<B>>;
    type Error = S::Error;
    type Future = CleanResponse<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> CleanResponse<S::Future> {
        let plan = Plan { cleaner: self.cleaner.clone(), asked: Asked::by(&request), host: host(&request) };
        CleanResponse { inner: self.inner.call(request), plan }
    }
}

fn host<Q>(request: &Request<Q>) -> Option<String> {
    let field = || request.headers().get(header::HOST)?.to_str().ok();
    request.uri().host().or_else(field).map(str::to_owned)
}

pin_project! {
    /// A response that is to come. Made by [`CleanService`].
    #[must_use = "futures do nothing unless they are polled"]
    #[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
    pub struct CleanResponse<F> {
        #[pin]
        inner: F,
        plan: Plan,
    }
}

/// How the response is to be cleaned.
struct Plan {
    cleaner: Cleaner,
    asked: Asked,
    host: Option<String>,
}

impl Plan {
    fn clean<B: Body>(&self, response: Response<B>) -> Response<CleanBody<B>> {
        let (mut parts, body) = response.into_parts();
        let body = match self.asked.treatment(&parts) {
            Treatment::None => CleanBody::untouched(body),
            Treatment::HeadOnly => {
                headers::adjust(&mut parts.headers);
                CleanBody::unsent(body)
            }
            Treatment::Clean => {
                headers::adjust(&mut parts.headers);
                self.page(&parts.headers).body(body)
            }
        };
        if let Some(outcome) = body.outcome() {
            parts.extensions.insert(outcome);
        }
        Response::from_parts(parts, body)
    }

    /// What is known of the page.
    fn page(&self, headers: &HeaderMap) -> PageCleaner<'_> {
        let mut page = self.cleaner.page();
        if let Some(content_type) = headers::content_type(headers).and_then(|value| value.to_str().ok()) {
            page = page.content_type(content_type);
        }
        if let Some(host) = &self.host {
            page = page.url(host);
        }
        page
    }
}

impl<F, B, E> Future for CleanResponse<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<CleanBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        Poll::Ready(Ok(this.plan.clean(response)))
    }
}

impl<F> fmt::Debug for CleanResponse<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanResponse").finish_non_exhaustive()
    }
}
