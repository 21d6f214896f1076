//! A page that is read without blocking.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use crate::engine::Engine;
use crate::error::Error;
use crate::passage::{PORTION, yield_turn};
use crate::report::Report;
use crate::source::Source;

/// What a read that gives little counts for at least: asking costs something, too.
const LEAST: usize = 1024;

pin_project! {
    /// Cleans one page on its way from an [`AsyncRead`]. Made by
    /// [`Cleaner::async_reader`](crate::Cleaner::async_reader), with the feature `tokio`.
    ///
    /// Does what [`CleanReader`](crate::CleanReader) does, errors included: one of the inner reader comes after all that is decided
    /// of what was read before it, and as it is; whoever reads again asks the inner reader again. A page that can't be read is an
    /// error after all of it that was received, and whoever reads on gets the rest as it is.
    ///
    /// After 64 KiB of input from which nothing has come out, others have their turn before it goes on. It can be dropped at any
    /// point: then the page is not read any further.
    ///
    /// [`AsyncRead`]: https://docs.rs/tokio/1/tokio/io/trait.AsyncRead.html
    ///
    /// ```
    /// use tokio::io::AsyncReadExt;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let page = "<p>News</p><div class='sharedaddy'>Share this</div><p>More</p>";
    /// let mut reader = dechaff::Cleaner::new().async_reader(page.as_bytes());
    /// let mut clean = String::new();
    /// reader.read_to_string(&mut clean).await?;
    /// let (_, report) = reader.finish()?;
    /// assert_eq!(clean, "<p>News</p><p>More</p>");
    /// assert_eq!(report.cuts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub struct AsyncCleanReader<R> {
        #[pin]
        inner: R,
        source: Source,
    }
}

impl<R> AsyncCleanReader<R> {
    pub(crate) fn new(engine: Engine, inner: R) -> Self {
        Self { inner, source: Source::new(engine) }
    }

    /// Gives back the inner reader and the report, after the page was read to its end.
    ///
    /// # Errors
    ///
    /// Those of [`CleanReader::finish`](crate::CleanReader::finish).
    pub fn finish(self) -> Result<(R, Report), Error> {
        Ok((self.inner, self.source.into_result()?))
    }

    /// The report, once all of the page was read.
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
}

impl<R: AsyncRead> AsyncBufRead for AsyncCleanReader<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let mut this = self.project();
        let mut left = PORTION;
        while this.source.wants_input()? {
            if left == 0 {
                return yield_turn(cx);
            }
            let mut buffer = ReadBuf::new(this.source.buffer());
            let read = ready!(this.inner.as_mut().poll_read(cx, &mut buffer)).map(|()| buffer.filled().len());
            left = left.saturating_sub(read.as_ref().map_or(0, |count| LEAST.max(*count)));
            this.source.accept(read)?;
        }
        Poll::Ready(Ok(this.source.ready()))
    }

    fn consume(self: Pin<&mut Self>, count: usize) {
        self.project().source.take(count);
    }
}

impl<R: AsyncRead> AsyncRead for AsyncCleanReader<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if room.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let ready = ready!(self.as_mut().poll_fill_buf(cx))?;
        let count = ready.len().min(room.remaining());
        room.put_slice(&ready[..count]);
        self.consume(count);
        Poll::Ready(Ok(()))
    }
}

impl<R> fmt::Debug for AsyncCleanReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncCleanReader").finish_non_exhaustive()
    }
}
