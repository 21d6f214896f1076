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
#[must_use]
#[cfg_attr(docsrs, doc(cfg(any(feature = "futures", feature = "http-body"))))]
pub struct Outcome {
    shared: Arc<Mutex<Shared>>,
    /// Where its waker is among those that wait.
    place: Option<usize>,
}

#[derive(Default)]
struct Shared {
    result: Option<Result<Report, Error>>,
    waiting: Vec<Option<Waker>>,
}

impl Shared {
    fn get(&self) -> Option<Result<Report, Error>> {
        self.result.as_ref().map(|result| result.as_ref().map_err(Error::again).cloned())
    }

    /// A place where nobody waits.
    fn place(&mut self) -> usize {
        self.waiting.iter().position(Option::is_none).unwrap_or_else(|| {
            self.waiting.push(None);
            self.waiting.len() - 1
        })
    }
}

impl Outcome {
    fn new(shared: &Arc<Mutex<Shared>>) -> Self {
        Self { shared: Arc::clone(shared), place: None }
    }

    /// How the page ended; nothing if it is still on its way.
    #[must_use]
    pub fn get(&self) -> Option<Result<Report, Error>> {
        lock(&self.shared).get()
    }
}

impl Clone for Outcome {
    fn clone(&self) -> Self {
        Self::new(&self.shared)
    }
}

impl Future for Outcome {
    type Output = Result<Report, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { shared, place } = &mut *self;
        let mut shared = lock(shared);
        if let Some(result) = shared.get() {
            return Poll::Ready(result);
        }
        let place = *place.get_or_insert_with(|| shared.place());
        let before = shared.waiting[place].replace(cx.waker().clone());
        drop(shared);
        // It may be the last to keep a task, and with that other outcomes, which lock the same when they go.
        drop(before);
        Poll::Pending
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            let waker = lock(&self.shared).waiting.get_mut(place).and_then(Option::take);
            // Not before the lock is gone.
            drop(waker);
        }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outcome").field(&lock(&self.shared).result).finish()
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells how a page ended, once. Dropped before, it tells that it did not.
pub(crate) struct Teller(Arc<Mutex<Shared>>);

impl Teller {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::new(&self.0)
    }

    pub(crate) fn tell(&self, result: Result<Report, Error>) {
        let mut shared = lock(&self.0);
        if shared.result.is_none() {
            shared.result = Some(result);
            let mut waiting: Vec<_> = std::mem::take(&mut shared.waiting).into_iter().flatten().collect();
            drop(shared);
            // A task that awaits it twice is woken once.
            waiting.dedup_by(|one, other| one.will_wake(other));
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.tell(Err(ErrorKind::Unfinished.into()));
    }
}
