//! A page that comes in pieces of memory and goes out in others, without blocking.

use std::task::{Context, Poll, ready};

use bytes::Bytes;

use crate::engine::Engine;
use crate::outcome::{Outcome, Teller};
use crate::passage::{PORTION, Passage, yield_turn};

/// What asking for a chunk counts for, beside its bytes.
const ASKED: usize = 1024;

/// A page between the stream, or body, that it comes from and the one that it goes out of.
pub(crate) struct Relay {
    passage: Passage,
    /// What was received last, as far as it was not read.
    chunk: Bytes,
    /// Bytes that came in and went out.
    received: u64,
    given: u64,
    /// The source is at its end.
    ended: bool,
    /// It failed, and has given nothing since.
    broken: bool,
    teller: Teller,
}

impl Relay {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            passage: Passage::new(engine),
            chunk: Bytes::new(),
            received: 0,
            given: 0,
            ended: false,
            broken: false,
            teller: Teller::new(),
        }
    }

    /// How the page ends.
    pub(crate) fn outcome(&self) -> Outcome {
        self.teller.outcome()
    }

    /// Whether everything was given out that there is.
    #[cfg(feature = "http-body")]
    pub(crate) fn is_over(&self) -> bool {
        self.ended && self.passage.is_empty() && self.chunk.is_empty()
    }

    /// How many bytes may come out of what was received.
    #[cfg(feature = "http-body")]
    pub(crate) fn most_left(&self) -> u64 {
        if self.is_over() { 0 } else { self.received - self.given }
    }

    /// The next bytes that are decided. `source` gives the next chunk.
    pub(crate) fn poll_next<E>(
        &mut self,
        cx: &mut Context<'_>,
        mut source: impl FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, E>>>,
    ) -> Poll<Option<Result<Bytes, E>>> {
        let mut left = PORTION;
        loop {
            if let Some(piece) = self.take() {
                return Poll::Ready(Some(Ok(piece)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            if left == 0 {
                return yield_turn(cx);
            }
            if !self.chunk.is_empty() {
                let portion = self.chunk.split_to(self.chunk.len().min(left));
                left -= portion.len();
                self.passage.push(&portion);
                self.tell_failure();
                continue;
            }
            left = left.saturating_sub(ASKED);
            match ready!(source(cx)) {
                Some(Ok(chunk)) => {
                    self.broken = false;
                    self.received += chunk.len() as u64;
                    self.chunk = chunk;
                }
                Some(Err(error)) => {
                    self.broken = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.end(),
            }
        }
    }

    /// The source has no more.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        // One that fails and then says that this was all does not have all: what it says last is that the page is unfinished.
        if !self.broken {
            self.passage.finish();
            self.tell_failure();
        }
        if self.passage.is_empty() {
            self.tell_end();
        }
    }

    /// What can go out. After a failure that is the rest of the chunk, in the memory it came in.
    fn take(&mut self) -> Option<Bytes> {
        let piece = if !self.passage.is_empty() {
            self.passage.take_all().into()
        } else if self.passage.failure().is_some() && !self.chunk.is_empty() {
            std::mem::take(&mut self.chunk)
        } else {
            return None;
        };
        self.given += piece.len() as u64;
        if self.ended {
            self.tell_end();
        }
        Some(piece)
    }

    fn tell_failure(&self) {
        if let Some(failure) = self.passage.failure() {
            self.teller.tell(Err(failure.again()));
        }
    }

    fn tell_end(&self) {
        self.teller.tell(match self.passage.report() {
            Some(report) => Ok(report.clone()),
            None => Err(crate::ErrorKind::Unfinished.into()),
        });
    }
}
