//! A page on its way through something that gives out what is decided on demand.

use std::io;
#[cfg(any(feature = "futures", feature = "http-body", feature = "tokio"))]
use std::task::{Context, Poll};

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::queue::clear;
use crate::report::Report;

/// How many bytes of input are worked on without blocking before whoever waits for them has a say again.
#[cfg(any(feature = "futures", feature = "http-body", feature = "tokio"))]
pub(crate) const PORTION: usize = 64 * 1024;

/// Lets others have their turn, and goes on after it.
#[cfg(any(feature = "futures", feature = "http-body", feature = "tokio"))]
pub(crate) fn yield_turn<T>(cx: &Context<'_>) -> Poll<T> {
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// One page: takes chunks, keeps what has come of them until it is taken, and knows how it ended.
///
/// What can't be read as a page goes through as it is, to its end.
pub(crate) struct Passage {
    /// It is large, and these are moved about.
    engine: Box<Engine>,
    out: Vec<u8>,
    /// How much of `out` was taken.
    taken: usize,
    state: State,
    /// The caller has been told that the page can't be read.
    told: bool,
}

enum State {
    Open,
    /// The page can't be read.
    Failed(Error),
    Ended(Report),
}

impl Passage {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine: Box::new(engine), out: Vec::new(), taken: 0, state: State::Open, told: false }
    }

    /// Takes a chunk of the page.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        let out = &mut self.out;
        match self.state {
            State::Open => {
                let result = self.engine.push(chunk, &mut |bytes| {
                    out.extend_from_slice(bytes);
                    Ok(())
                });
                if let Err(error) = result {
                    self.state = State::Failed(error);
                }
            }
            State::Failed(_) | State::Ended(_) => out.extend_from_slice(chunk),
        }
    }

    /// The page has ended.
    pub(crate) fn finish(&mut self) {
        let out = &mut self.out;
        if let State::Open = self.state {
            let result = self.engine.finish(&mut |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            });
            self.state = match result {
                Ok(report) => State::Ended(report),
                Err(error) => State::Failed(error),
            };
        }
    }

    /// What has come out and was not taken.
    pub(crate) fn ready(&self) -> &[u8] {
        &self.out[self.taken..]
    }

    /// Whether there is nothing to take now.
    pub(crate) fn is_empty(&self) -> bool {
        self.taken == self.out.len()
    }

    /// Takes the first `count` bytes of what is ready.
    pub(crate) fn take(&mut self, count: usize) {
        self.taken += count.min(self.out.len() - self.taken);
        if self.is_empty() {
            self.taken = 0;
            clear(&mut self.out);
        }
    }

    /// Takes all that is ready.
    #[cfg(any(feature = "futures", feature = "http-body"))]
    pub(crate) fn take_all(&mut self) -> Vec<u8> {
        debug_assert!(self.taken == 0, "a part was taken");
        std::mem::take(&mut self.out)
    }

    /// Why the page can't be read, if so.
    pub(crate) fn failure(&self) -> Option<&Error> {
        match &self.state {
            State::Failed(error) => Some(error),
            State::Open | State::Ended(_) => None,
        }
    }

    /// That the page can't be read: an error, once.
    pub(crate) fn tell_failure(&mut self) -> io::Result<()> {
        match self.failure().map(Error::again) {
            Some(failure) if !self.told => {
                self.told = true;
                Err(failure.into())
            }
            _ => Ok(()),
        }
    }

    /// The report, once all of the page was taken.
    pub(crate) fn report(&self) -> Option<&Report> {
        match &self.state {
            State::Ended(report) if self.is_empty() => Some(report),
            _ => None,
        }
    }

    /// How the page ended.
    pub(crate) fn into_result(self) -> Result<Report, Error> {
        let empty = self.is_empty();
        match self.state {
            State::Failed(error) => Err(error),
            State::Ended(report) if empty => Ok(report),
            State::Open | State::Ended(_) => Err(ErrorKind::Unfinished.into()),
        }
    }
}
