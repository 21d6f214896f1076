//! A page that is the body of a message.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderName};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::Outcome;
use crate::engine::Engine;
use crate::relay::Relay;

/// Fields that say something of the bytes of a page that is not so any more.
pub(crate) const OF_BYTES: [HeaderName; 4] = [
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

pub(crate) fn remove_digests(fields: &mut HeaderMap) {
    for name in OF_BYTES {
        fields.remove(name);
    }
}

pin_project! {
    /// Cleans a page that is a body, on its way. Made by [`Cleaner::body`](crate::Cleaner::body), or, for responses that are pages,
    /// by [`CleanLayer`](crate::CleanLayer). With the feature `http-body`.
    ///
    /// Its errors are those of the inner body, and what is said of errors, of pages that can't be read and of waiting at
    /// [`CleanStream`](crate::CleanStream) is so here. Trailers pass, but for digests. How long it gets is not known beforehand:
    /// drop `Content-Length`.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body_util::{BodyExt, Full};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let page = Full::<Bytes>::from("<p>News</p><div class='sharedaddy'>Share this</div>");
    /// let clean = dechaff::Cleaner::new().body(page);
    /// let outcome = clean.outcome().expect("it is a page");
    /// assert_eq!(clean.collect().await?.to_bytes(), "<p>News</p>");
    /// assert_eq!(outcome.await?.cuts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
    pub struct CleanBody<B> {
        #[pin]
        inner: B,
        treated: Treated,
        trailers: Option<HeaderMap>,
    }
}

/// What is done with the inner body.
enum Treated {
    Cleaned(Box<Relay>),
    Untouched,
    /// It is not sent: the response has only the head of a page. Who sends that makes a `Content-Length` of what a body says of
    /// its length, so this one says nothing: that of the clean page is not known (RFC 9110, 8.6).
    Unsent,
}

impl<B: Body> CleanBody<B> {
    pub(crate) fn new(engine: Engine, inner: B) -> Self {
        let mut relay = Relay::new(engine);
        if inner.is_end_stream() {
            // Nobody would ask for what an empty body has in it.
            relay.end();
        }
        Self { inner, treated: Treated::Cleaned(Box::new(relay)), trailers: None }
    }
}

impl<B> CleanBody<B> {
    /// A body that is no page, and passes as it is: for a place where both can be.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http_body::Body;
    /// use http_body_util::Full;
    ///
    /// let picture = dechaff::CleanBody::untouched(Full::<Bytes>::from("GIF89a"));
    /// assert_eq!(picture.size_hint().exact(), Some(6));
    /// assert!(picture.outcome().is_none());
    /// ```
    pub fn untouched(inner: B) -> Self {
        Self { inner, treated: Treated::Untouched, trailers: None }
    }

    /// The body of a response that has only the head of a page.
    #[cfg(feature = "tower")]
    pub(crate) fn unsent(inner: B) -> Self {
        Self { inner, treated: Treated::Unsent, trailers: None }
    }

    /// How the page ends: ask for it before the body is moved away. Nothing if the body passes as it is.
    pub fn outcome(&self) -> Option<Outcome> {
        self.relay().map(Relay::outcome)
    }

    /// The inner body.
    pub fn get_ref(&self) -> &B {
        &self.inner
    }

    /// Gives back the inner body. What was received from it and not given out is lost.
    pub fn into_inner(self) -> B {
        self.inner
    }

    fn relay(&self) -> Option<&Relay> {
        match &self.treated {
            Treated::Cleaned(relay) => Some(relay),
            Treated::Untouched | Treated::Unsent => None,
        }
    }
}

impl<B: Body> Body for CleanBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        let relay = match this.treated {
            Treated::Cleaned(relay) => relay,
            Treated::Untouched => {
                let frame = ready!(this.inner.poll_frame(cx));
                return Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(into_bytes))));
            }
            Treated::Unsent => return Poll::Ready(None),
        };
        let trailers = this.trailers;
        let piece = ready!(relay.poll_next(cx, |cx| {
            let frame = match ready!(this.inner.as_mut().poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            Poll::Ready(match frame.into_data().map_err(Frame::into_trailers) {
                Ok(data) => Some(Ok(into_bytes(data))),
                Err(Ok(mut fields)) => {
                    remove_digests(&mut fields);
                    *trailers = Some(fields);
                    None
                }
                // Of a kind that there is not yet.
                Err(Err(_)) => Some(Ok(Bytes::new())),
            })
        }));
        Poll::Ready(match piece {
            Some(piece) => Some(piece.map(Frame::data)),
            None => trailers.take().map(|fields| Ok(Frame::trailers(fields))),
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.treated {
            Treated::Cleaned(relay) => relay.is_over() && self.trailers.is_none(),
            Treated::Untouched => self.inner.is_end_stream(),
            Treated::Unsent => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint();
        let mut hint = SizeHint::new();
        let relay = match &self.treated {
            Treated::Cleaned(relay) => relay,
            Treated::Untouched => return inner,
            Treated::Unsent => return hint,
        };
        if relay.is_over() {
            hint.set_exact(0);
        } else if let Some(most) = inner.upper().and_then(|upper| upper.checked_add(relay.most_left())) {
            // Nothing is added to a page.
            hint.set_upper(most);
        }
        hint
    }
}

/// Without a copy, if they are [`Bytes`] already.
fn into_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}

impl<B> fmt::Debug for CleanBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanBody").field("cleaned", &self.relay().is_some()).finish_non_exhaustive()
    }
}
