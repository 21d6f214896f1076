//! A page that is read.

use std::fmt;
use std::io::{self, BufRead, Read};

use crate::engine::Engine;
use crate::error::Error;
use crate::report::Report;
use crate::source::Source;

/// Cleans one page on its way from another reader. Made by [`Cleaner::reader`](crate::Cleaner::reader).
///
/// It reads as it is read from, 16 KiB at a time, and gives out what is decided: what it holds are elements that wait for their
/// end, and a beginning whose encoding is not known. At the end [`CleanReader::finish`] gives the report, and nothing but an error
/// before that.
///
/// - An error of the inner reader comes after all that is decided of what was read before it, and as it is. Whoever reads again
///   asks the inner reader again: after [`Interrupted`](io::ErrorKind::Interrupted) and
///   [`WouldBlock`](io::ErrorKind::WouldBlock), nothing is lost. If it ends after another error, the page is
///   [unfinished](crate::ErrorKind::Unfinished), and what was held back does not come out.
/// - A page that can't be read ([`Error::is_page`]) is an error, after all of it that was received; it can be had out of the
///   [`io::Error`] with [`downcast`](io::Error::downcast). Whoever reads on gets the rest as it is.
///
/// ```
/// use std::io::Read;
///
/// let page = "<p>News</p><div class='sharedaddy'>Share this</div><p>More</p>";
/// let mut reader = dechaff::Cleaner::new().reader(page.as_bytes());
/// let mut clean = String::new();
/// reader.read_to_string(&mut clean)?;
/// let (_, report) = reader.finish()?;
/// assert_eq!(clean, "<p>News</p><p>More</p>");
/// assert_eq!(report.cuts.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CleanReader<R> {
    inner: R,
    source: Source,
}

impl<R> CleanReader<R> {
    pub(crate) fn new(engine: Engine, inner: R) -> Self {
        Self { inner, source: Source::new(engine) }
    }

    /// Gives back the inner reader and the report, after the page was read to its end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfinished`](crate::ErrorKind::Unfinished) if there may be more to read (there is none for sure once a read has
    /// given 0 bytes), or if the inner reader ended after an error; those for which [`Error::is_page`] holds if the page could not
    /// be read. The inner reader is dropped then; pass `&mut reader` to keep it.
    pub fn finish(self) -> Result<(R, Report), Error> {
        Ok((self.inner, self.source.into_result()?))
    }

    /// The report, once all of the page was read.
    ///
    /// ```
    /// let mut reader = dechaff::Cleaner::new().reader(&b"<p>Rye"[..]);
    /// assert!(reader.report().is_none());
    /// std::io::copy(&mut reader, &mut std::io::sink())?;
    /// assert_eq!(reader.report().unwrap().bytes_in, 6);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn report(&self) -> Option<&Report> {
        self.source.report()
    }

    /// Gives back the inner reader. What was read from it and not given out is lost.
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// The inner reader.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// The inner reader. What is read from it is missing in the page.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }
}

impl<R: Read> BufRead for CleanReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.source.wants_input()? {
            let read = self.inner.read(self.source.buffer());
            self.source.accept(read)?;
        }
        Ok(self.source.ready())
    }

    fn consume(&mut self, count: usize) {
        self.source.take(count);
    }
}

impl<R: Read> Read for CleanReader<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if room.is_empty() {
            return Ok(0);
        }
        let count = self.fill_buf()?.read(room)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R> fmt::Debug for CleanReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanReader").finish_non_exhaustive()
    }
}
