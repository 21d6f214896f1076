//! The streaming face.

use std::fmt;
use std::io::{self, Write};

use crate::PageEncoding;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::report::Report;

/// Cleans one page on its way to another writer. Made by [`Cleaner::writer`](crate::Cleaner::writer).
///
/// What is written comes out of the other side as soon as it is decided, mostly when the next start tag is there as a whole
/// ([more on that](crate::guide#streaming)). Call [`CleanWriter::finish`] after the last chunk: without it the end of the page is
/// missing. The inner writer has to block: [`WouldBlock`](io::ErrorKind::WouldBlock) is an error as any other.
///
/// ```
/// use std::io::Write;
///
/// let mut writer = dechaff::Cleaner::new().writer(Vec::new());
/// for chunk in ["<p>News</p><div id='onetrust-", "consent-sdk'>We value your privacy</div><p>More"] {
///     writer.write_all(chunk.as_bytes())?;
/// }
/// let (page, report) = writer.finish()?;
/// assert_eq!(page, b"<p>News</p><p>More");
/// assert_eq!(report.cuts.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CleanWriter<W: Write> {
    engine: Engine,
    inner: W,
}

impl<W: Write> CleanWriter<W> {
    pub(crate) fn new(engine: Engine, inner: W) -> Self {
        Self { engine, inner }
    }

    /// Ends the page: writes what is left, flushes, and gives back the inner writer and the report.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the inner writer fails, those for which [`Error::is_page`] holds if the page can't
    /// be read, [`ErrorKind::Poisoned`](crate::ErrorKind::Poisoned) after an earlier error. The inner writer is dropped then; pass
    /// `&mut writer` to keep it.
    pub fn finish(mut self) -> Result<(W, Report), Error> {
        let inner = &mut self.inner;
        let result = self.engine.finish(&mut |bytes| inner.write_all(bytes));
        // What can't be read was written as well.
        if result.as_ref().map_or_else(Error::is_page, |_| true) {
            self.inner.flush().map_err(ErrorKind::Io)?;
        }
        Ok((self.inner, result?))
    }

    /// Gives back the inner writer without ending the page: after an error, when the rest is to go its own way. What was held
    /// back is lost, unless the page could not be read ([`Error::is_page`]): then all that was received has been written.
    pub fn into_inner(self) -> W {
        self.inner
    }

    /// The encoding that the page is read in, once it is known. All that has come out before that is ASCII.
    ///
    /// ```
    /// use std::io::Write;
    ///
    /// let mut writer = dechaff::Cleaner::new().writer(Vec::new());
    /// writer.write_all(b"<p>News</p>")?;
    /// assert_eq!(writer.encoding(), None);
    /// writer.write_all("<meta charset=koi8-r><p>Рожь".as_bytes())?;
    /// writer.write_all(&[b' '; 1024])?;
    /// assert_eq!(writer.encoding().unwrap().name, "KOI8-R");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encoding(&self) -> Option<PageEncoding> {
        self.engine.encoding()
    }

    /// The inner writer.
    pub fn get_ref(&self) -> &W {
        &self.inner
    }

    /// The inner writer, to take out of it what has come so far, say. What is written to it comes between two pieces of the
    /// page.
    ///
    /// ```
    /// use std::io::Write;
    ///
    /// let mut writer = dechaff::Cleaner::new().writer(Vec::new());
    /// writer.write_all(b"<p>News</p><div id='onetrust-consent-sdk'>We value")?;
    /// assert_eq!(std::mem::take(writer.get_mut()), b"<p>News</p>");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.inner
    }
}

impl<W: Write> Write for CleanWriter<W> {
    /// Takes all of `chunk`, also where the page can't be read: that is the error once all that was received has been written.
    /// After an error every further call is one; `flush` still flushes.
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let inner = &mut self.inner;
        self.engine.push(chunk, &mut |bytes| inner.write_all(bytes))?;
        Ok(chunk.len())
    }

    /// Flushes the inner writer. What is held back stays held: it is not decided yet.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> fmt::Debug for CleanWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanWriter").finish_non_exhaustive()
    }
}
