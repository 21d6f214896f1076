//! What a reader draws a page from, whether it blocks or not.

use std::io::{self, ErrorKind as Io};

use crate::engine::Engine;
use crate::error::Error;
use crate::passage::Passage;
use crate::report::Report;

/// How many bytes are asked for at a time.
const BUFFER: usize = 16 * 1024;

/// A page that is drawn from a reader: what was read goes in, what is decided comes out.
pub(crate) struct Source {
    passage: Passage,
    buffer: Box<[u8]>,
    /// The reader is at its end.
    ended: bool,
    /// It failed, and has given nothing since.
    broken: bool,
}

impl Source {
    pub(crate) fn new(engine: Engine) -> Self {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { passage: Passage::new(engine), buffer, ended: false, broken: false }
    }

    /// Whether nothing can be given out before more is read. If the page can't be read that is an error, once, after all that
    /// was received.
    pub(crate) fn wants_input(&mut self) -> io::Result<bool> {
        if !self.passage.is_empty() {
            return Ok(false);
        }
        self.passage.tell_failure()?;
        Ok(!self.ended)
    }

    /// Where to read to.
    pub(crate) fn buffer(&mut self) -> &mut [u8] {
        &mut self.buffer
    }

    /// So many bytes were read to there, or none could be.
    pub(crate) fn accept(&mut self, read: io::Result<usize>) -> io::Result<()> {
        match read {
            Ok(0) => {
                self.ended = true;
                // Whoever fails and then says that this was all does not have all.
                if !self.broken {
                    self.passage.finish();
                }
            }
            Ok(count) => {
                self.broken = false;
                let Some(read) = self.buffer.get(..count) else {
                    return Err(io::Error::other(
                        "the inner reader says that it has read more than there was room for",
                    ));
                };
                self.passage.push(read);
            }
            Err(error) => {
                self.broken |= !matches!(error.kind(), Io::Interrupted | Io::WouldBlock);
                return Err(error);
            }
        }
        Ok(())
    }

    /// What can be given out.
    pub(crate) fn ready(&self) -> &[u8] {
        self.passage.ready()
    }

    /// So much of it was.
    pub(crate) fn take(&mut self, count: usize) {
        self.passage.take(count);
    }

    /// The report, once all was given out.
    pub(crate) fn report(&self) -> Option<&Report> {
        self.passage.report()
    }

    /// How the page ended.
    pub(crate) fn into_result(self) -> Result<Report, Error> {
        self.passage.into_result()
    }
}
