//! How a page ended that has gone out of sight.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::{Error, ErrorKind};
use crate::report::Report;

/// Says how a page ended, wherever the stream or the body went that it came out of. With the feature `futures`, `http-body` or
/// `tower`.
///
/// As a future it is ready when the last byte was given out, when it turns out that the page can't be read, or when the page was
/// dropped before its end; [`Outcome::get`] asks without waiting. Clones say the same.
///
/// It moves nothing on: to await it where nobody reads the stream or the body is to wait for ever. So it is after an error of the
/// source: as long as the stream is neither asked again nor dropped, it may go on. Drop it first, or await the outcome in another
/// task.
///
/// It is an error
/// - if the page can't be read ([`Error::is_page`]: it is compressed, it is a picture or a PDF, a tag is over its limit, no browser
///   reads its encoding): the rest of it goes through as it is, byte for byte;
/// - if it did not come to its end ([`Error::is_unfinished`]): its source failed and ended, or nobody wanted the rest.
#[derive(Clone)]
#[must_use]
#[cfg_attr(docsrs, doc(cfg(any(feature = "futures", feature = "http-body"))))]
pub struct Outcome(Arc<Mutex<Shared>>);

#[derive(Default)]
struct Shared {
    result: Option<Result<Report, Error>>,
    waiting: Vec<Waker>,
}

impl Outcome {
    /// How the page ended; nothing if it is still on its way.
    #[must_use]
    pub fn get(&self) -> Option<Result<Report, Error>> {
        self.lock().result.as_ref().map(|result| result.as_ref().map_err(Error::again).cloned())
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for Outcome {
    type Output = Result<Report, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(result) = self.get() {
            return Poll::Ready(result);
        }
        let mut shared = self.lock();
        if shared.result.is_some() {
            // It came in between.
            cx.waker().wake_by_ref();
        } else if !shared.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            shared.waiting.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outcome").field(&self.lock().result).finish()
    }
}

/// Tells how a page ended, once. Dropped before, it tells that it did not.
pub(crate) struct Teller(Outcome);

impl Teller {
    pub(crate) fn new() -> Self {
        Self(Outcome(Arc::default()))
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.0.clone()
    }

    pub(crate) fn tell(&self, result: Result<Report, Error>) {
        let mut shared = self.0.lock();
        if shared.result.is_none() {
            shared.result = Some(result);
            let waiting = std::mem::take(&mut shared.waiting);
            drop(shared);
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.tell(Err(ErrorKind::Unfinished.into()));
    }
}
