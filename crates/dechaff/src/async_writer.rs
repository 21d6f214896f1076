//! A page that is written without blocking.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::io::AsyncWrite;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::passage::{PORTION, Passage, yield_turn};
use crate::report::Report;

/// How often the inner writer is written to before others have their turn.
const WRITES: usize = 64;

pin_project! {
    /// Cleans one page on its way to an [`AsyncWrite`]. Made by
    /// [`Cleaner::async_writer`](crate::Cleaner::async_writer), with the feature `tokio`.
    ///
    /// After the last chunk the page has to be ended, or its end is missing: by [`AsyncCleanWriter::finish`], or by
    /// `shutdown`, which shuts the inner writer down as well, and after which there is a [report](AsyncCleanWriter::report). What is
    /// written after that is a [`BrokenPipe`](io::ErrorKind::BrokenPipe).
    ///
    /// - A chunk is taken when all that has come of those before it was taken by the inner writer, and at most 64 KiB of it at a
    ///   time; others have their turn before the next 64 KiB. `flush` does not bring out what is held back: it is not decided yet.
    /// - An error of the inner writer comes as it is. What it did not take is offered again in the next call.
    /// - If the page can't be read ([`Error::is_page`]), that is the error of the call after the one that brought it about, once
    ///   all that was received has been written. Then the writer is done: [`AsyncCleanWriter::into_inner`] gives back the inner
    ///   one, for the rest. Where that begins is known to who calls `write`, of which the call that fails has taken nothing, or
    ///   `write_all` with chunks of at most 64 KiB, likewise.
    /// - It can be dropped at any point: then nothing more is written, and the page is not complete.
    ///
    /// [`AsyncWrite`]: https://docs.rs/tokio/1/tokio/io/trait.AsyncWrite.html
    ///
    /// ```
    /// use tokio::io::AsyncWriteExt;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut writer = dechaff::Cleaner::new().async_writer(Vec::new());
    /// for chunk in ["<p>News</p><div id='onetrust-", "consent-sdk'>We value your privacy</div><p>More"] {
    ///     writer.write_all(chunk.as_bytes()).await?;
    /// }
    /// let (page, report) = writer.finish().await?;
    /// assert_eq!(page, b"<p>News</p><p>More");
    /// assert_eq!(report.cuts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub struct AsyncCleanWriter<W> {
        #[pin]
        inner: W,
        passage: Passage,
        // Of the inner writer, while it was offered what came of a chunk that was taken.
        deferred: Option<io::Error>,
        // Bytes that were taken since others had their turn.
        taken: usize,
    }
}

impl<W> AsyncCleanWriter<W> {
    pub(crate) fn new(engine: Engine, inner: W) -> Self {
        Self { inner, passage: Passage::new(engine), deferred: None, taken: 0 }
    }

    /// The report, once the page was ended and all of it was written.
    pub fn report(&self) -> Option<&Report> {
        self.passage.report()
    }

    /// Gives back the inner writer without ending the page: after an error, when the rest is to go its own way, or after
    /// `shutdown`. What was held back is lost, if there was neither.
    pub fn into_inner(self) -> W {
        self.inner
    }

    /// The inner writer.
    pub fn get_ref(&self) -> &W {
        &self.inner
    }
}

impl<W: AsyncWrite> AsyncCleanWriter<W> {
    /// Ends the page: writes what is left, flushes, and gives back the inner writer and the report. The inner writer is not shut
    /// down.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the inner writer fails, and those for which [`Error::is_page`] holds, also if a call before has told
    /// of them. The inner writer is dropped then; pass `&mut writer` to keep it.
    pub async fn finish(mut self) -> Result<(W, Report), Error>
    where
        W: Unpin,
    {
        self.passage.finish();
        let mut this = Pin::new(&mut self);
        poll_fn(|cx| this.as_mut().poll_drain(cx)).await.map_err(ErrorKind::Io)?;
        poll_fn(|cx| this.as_mut().project().inner.poll_flush(cx)).await.map_err(ErrorKind::Io)?;
        Ok((self.inner, self.passage.into_result()?))
    }

    /// Writes what is ready, in at most so many pieces as a turn has.
    fn poll_drain(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut this = self.project();
        if let Some(error) = this.deferred.take() {
            return Poll::Ready(Err(error));
        }
        for _ in 0..WRITES {
            if this.passage.is_empty() {
                return Poll::Ready(Ok(()));
            }
            match ready!(this.inner.as_mut().poll_write(cx, this.passage.ready()))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => this.passage.take(count),
            }
        }
        yield_turn(cx)
    }
}

impl<W: AsyncWrite> AsyncWrite for AsyncCleanWriter<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, chunk: &[u8]) -> Poll<io::Result<usize>> {
        if self.taken >= PORTION {
            *self.project().taken = 0;
            return yield_turn(cx);
        }
        match self.as_mut().poll_drain(cx) {
            Poll::Ready(result) => result?,
            Poll::Pending => {
                *self.project().taken = 0;
                return Poll::Pending;
            }
        }
        let this = self.as_mut().project();
        this.passage.tell_failure()?;
        if this.passage.failure().is_some() {
            return Poll::Ready(Err(Error::from(ErrorKind::Poisoned).into()));
        }
        if this.passage.report().is_some() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let count = chunk.len().min(PORTION);
        this.passage.push(&chunk[..count]);
        *this.taken += count;
        // What is decided leaves at once. The chunk was taken all the same if it can't, so an error waits for the next call.
        if let Poll::Ready(Err(error)) = self.as_mut().poll_drain(cx) {
            *self.project().deferred = Some(error);
        }
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_drain(cx))?;
        ready!(self.as_mut().project().inner.poll_flush(cx))?;
        Poll::Ready(self.project().passage.tell_failure())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.as_mut().project().passage.finish();
        ready!(self.as_mut().poll_drain(cx))?;
        ready!(self.as_mut().project().inner.poll_shutdown(cx))?;
        Poll::Ready(self.project().passage.tell_failure())
    }
}

impl<W> fmt::Debug for AsyncCleanWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncCleanWriter").finish_non_exhaustive()
    }
}
