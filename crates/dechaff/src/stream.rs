//! A page that is a stream of chunks.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::Outcome;
use crate::engine::Engine;
use crate::relay::Relay;

pin_project! {
    /// Cleans one page on its way from another stream. Made by [`Cleaner::stream`](crate::Cleaner::stream), with the feature
    /// `futures`.
    ///
    /// The inner stream gives chunks of anything that becomes [`Bytes`], such as that or a `Vec<u8>`, and errors of any type; this
    /// one gives what is decided, as soon as it is, and the same errors.
    ///
    /// - An error of the inner stream comes after all that is decided of what was received before it. If the stream goes on after
    ///   it, so does the page; if it ends, what was held back does not come out, and the [outcome](CleanStream::outcome) is that
    ///   the page is unfinished.
    /// - A page that can't be read ([`Error::is_page`](crate::Error::is_page)) is no error of the stream: the rest of it comes
    ///   through as it is, and the outcome says so.
    /// - After 64 KiB of input from which nothing has come out, others have their turn before it goes on. A chunk of any size is
    ///   worked on in such portions.
    /// - It can be dropped at any point, and moved anywhere: into a response, say. It is [`Unpin`] if the inner one is; if not,
    ///   [`pin!`](std::pin::pin) it to poll it.
    ///
    /// [`Bytes`]: https://docs.rs/bytes/1/bytes/struct.Bytes.html
    ///
    /// Who wants one type of error for both, the stream's and that of the outcome, gives it a `From<dechaff::Error>`, or takes
    /// [`std::io::Error`], which has one.
    ///
    /// ```
    /// use futures_util::{StreamExt, TryStreamExt, stream};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let chunks = ["<p>News</p><div id='onetrust-", "consent-sdk'>We value your privacy</div><p>More"];
    /// let page = stream::iter(chunks).map(Ok::<_, std::io::Error>);
    /// let clean = dechaff::Cleaner::new().stream(page);
    /// let outcome = clean.outcome();
    /// let pieces: Vec<_> = clean.try_collect().await?;
    /// assert_eq!(pieces.concat(), b"<p>News</p><p>More");
    /// assert_eq!(outcome.await?.cuts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
    #[must_use = "a stream does nothing unless it is polled"]
    pub struct CleanStream<S> {
        #[pin]
        inner: S,
        relay: Relay,
    }
}

impl<S> CleanStream<S> {
    pub(crate) fn new(engine: Engine, inner: S) -> Self {
        Self { inner, relay: Relay::new(engine) }
    }

    /// How the page ends: ask for it before the stream is moved away.
    pub fn outcome(&self) -> Outcome {
        self.relay.outcome()
    }

    /// The inner stream.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Gives back the inner stream. What was received from it and not given out is lost.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B, E> Stream for CleanStream<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
{
    type Item = Result<Bytes, E>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        this.relay
            .poll_next(cx, |cx| this.inner.as_mut().poll_next(cx).map(|item| item.map(|chunk| chunk.map(Into::into))))
    }
}

impl<S> fmt::Debug for CleanStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanStream").finish_non_exhaustive()
    }
}
