//! What is said of one page from outside.

use std::fmt;
use std::io::{Read, Write};

use encoding_rs::{Encoding, REPLACEMENT, UTF_8};

#[cfg(feature = "http-body")]
use crate::CleanBody;
#[cfg(feature = "futures")]
use crate::CleanStream;
use crate::encoding::prescan::charset_of_content_type;
use crate::encoding::sniff::Hints;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::observer::Observer;
use crate::rules::user::host_of;
#[cfg(feature = "tokio")]
use crate::{AsyncCleanReader, AsyncCleanWriter};
use crate::{CleanReader, CleanWriter, Cleaner, Decision, EncodingEvidence, Report};

/// Cleans one page of which something is known. Made by [`Cleaner::page`].
///
/// Nothing has to be said: a page that is not UTF-8 mostly says so itself, and if not, its encoding is guessed. What counts is,
/// in this order: the label given here, a byte order mark, the `Content-Type` given here, what the page declares in its first
/// 1,024 bytes, and a guess ([`EncodingEvidence`]). That is what browsers do ([HTML standard,
/// 13.2.3.2](https://html.spec.whatwg.org/#determining-the-character-encoding)), but that a label is stronger than a byte order
/// mark here: who gives one knows.
///
/// Whatever the encoding, the output is the bytes of the page without those of the [cuts](Report::cuts).
///
/// ```
/// use dechaff::{Cleaner, EncodingEvidence};
///
/// let cleaner = Cleaner::new();
/// let page = b"<p>caf\xE9</p><p>Abonnez-vous \xE0 notre newsletter</p>";
/// let (clean, report) = cleaner.page().content_type("text/html; charset=iso-8859-1").clean(page)?;
/// assert_eq!(clean, b"<p>caf\xE9</p>");
/// assert_eq!(report.encoding.name, "windows-1252");
/// assert_eq!(report.encoding.evidence, EncodingEvidence::ContentType);
/// # Ok::<(), dechaff::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct PageCleaner<'c> {
    cleaner: &'c Cleaner,
    hints: Hints,
    host: Option<Box<str>>,
    observer: Option<Observer>,
}

impl<'c> PageCleaner<'c> {
    pub(crate) fn new(cleaner: &'c Cleaner) -> Self {
        Self { cleaner, hints: Hints::default(), host: None, observer: None }
    }

    /// Says which encoding the page is in, by a [label](https://encoding.spec.whatwg.org/#names-and-labels) such as `utf-8`,
    /// `latin1` or `Shift_JIS`. What the page says of itself does not count then.
    ///
    /// ### Default
    /// None: what else says it counts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownEncoding`] if there is no such label, [`ErrorKind::ReplacementEncoding`] if it is that of an
    /// encoding that browsers refuse to read. The `PageCleaner` is gone then; another one costs nothing.
    pub fn encoding(mut self, label: &str) -> Result<Self, Error> {
        let encoding = Encoding::for_label(label.as_bytes());
        let encoding = encoding.ok_or_else(|| ErrorKind::UnknownEncoding { label: label.to_owned() })?;
        if encoding == REPLACEMENT {
            return Err(ErrorKind::ReplacementEncoding { evidence: EncodingEvidence::Label }.into());
        }
        self.hints.label = Some(encoding);
        Ok(self)
    }

    /// Passes on the value of the HTTP header `Content-Type` that the page came with: its `charset` counts. One that is not known
    /// is passed over, as browsers do: servers write all kinds of things there. Nothing else of the value counts: whether it
    /// says HTML is for the caller to see to.
    ///
    /// ### Default
    /// None.
    pub fn content_type(mut self, value: &str) -> Self {
        self.hints.content_type = charset_of_content_type(value);
        self
    }

    /// Says which address the page is from, as `https://news.example/story` or by the host alone. Rules that are for some sites
    /// ask for it: those of filter lists (feature `rules`). Without it they are not in force.
    ///
    /// ### Default
    /// None.
    pub fn url(mut self, url: &str) -> Self {
        self.host = host_of(url);
        self
    }

    /// Has each [`Decision`] about this page told to `observer`, as [`CleanerBuilder::observer`](crate::CleanerBuilder::observer)
    /// does for all pages. That one is not told of this page then.
    ///
    /// ### Default
    /// The one of the cleaner, if it has one.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// use dechaff::{Cleaner, Decision};
    ///
    /// let (sender, receiver) = mpsc::channel();
    /// let cleaner = Cleaner::new();
    /// let page = cleaner.page().observer(move |decision| {
    ///     if let Decision::Cut(cut) = decision {
    ///         sender.send(cut.clone()).ok();
    ///     }
    /// });
    /// page.clean(b"<p>News</p><div class='sharedaddy'>Share this</div>")?;
    /// assert_eq!(receiver.try_recv().unwrap().rule, "jetpack-sharing/sharedaddy");
    /// # Ok::<(), dechaff::Error>(())
    /// ```
    pub fn observer(mut self, observer: impl Fn(Decision<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observer));
        self
    }

    /// Cleans the page, which is in memory: gives the bytes that stay and the report.
    ///
    /// # Errors
    ///
    /// Those of [`Cleaner::clean`].
    pub fn clean(&self, page: &[u8]) -> Result<(Vec<u8>, Report), Error> {
        let mut out = Vec::with_capacity(page.len());
        let mut engine = self.engine();
        let mut write = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        engine.push(page, &mut write)?;
        let report = engine.finish(&mut write)?;
        Ok((out, report))
    }

    /// Cleans the page, which is text in memory: gives the text that stays and the report. It is UTF-8, whatever it says of
    /// itself, and whatever [label](PageCleaner::encoding) or [`Content-Type`](PageCleaner::content_type) was given. Ranges of the
    /// report are bytes of `page`, and lie between characters.
    ///
    /// # Errors
    ///
    /// Those of [`Cleaner::clean_str`].
    pub fn clean_str(&self, page: &str) -> Result<(String, Report), Error> {
        let mut told = self.clone();
        told.hints.label = Some(UTF_8);
        let (clean, report) = told.clean(page.as_bytes())?;
        // Elements begin and end at ASCII, so what is left between them is text as it was.
        let clean = String::from_utf8(clean).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
        Ok((clean, report))
    }

    /// A writer that cleans the page on its way to `inner`. Write it in chunks of any size, then call
    /// [`CleanWriter::finish`].
    pub fn writer<W: Write>(&self, inner: W) -> CleanWriter<W> {
        CleanWriter::new(self.engine(), inner)
    }

    /// A reader that cleans the page, which it draws from `inner`. Read it to its end, then call [`CleanReader::finish`].
    pub fn reader<R: Read>(&self, inner: R) -> CleanReader<R> {
        CleanReader::new(self.engine(), inner)
    }

    /// A stream that cleans the page, whose chunks `inner` gives. [`CleanStream::outcome`] says how it ends.
    ///
    /// With the feature `futures`.
    #[cfg(feature = "futures")]
    #[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
    pub fn stream<S>(&self, inner: S) -> CleanStream<S>
    where
        S: futures_core::TryStream<Ok: Into<bytes::Bytes>>,
    {
        CleanStream::new(self.engine(), inner)
    }

    /// A reader that cleans the page, which it draws from `inner` without blocking. Read it to its end, then call
    /// [`AsyncCleanReader::finish`].
    ///
    /// With the feature `tokio`.
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn async_reader<R: tokio::io::AsyncRead>(&self, inner: R) -> AsyncCleanReader<R> {
        AsyncCleanReader::new(self.engine(), inner)
    }

    /// A writer that cleans the page on its way to `inner` without blocking. Write the page to it in chunks of any size, then call
    /// [`AsyncCleanWriter::finish`], or shut it down.
    ///
    /// With the feature `tokio`.
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn async_writer<W: tokio::io::AsyncWrite>(&self, inner: W) -> AsyncCleanWriter<W> {
        AsyncCleanWriter::new(self.engine(), inner)
    }

    /// A body that is the page, which comes in `inner`, cleaned. [`CleanBody::outcome`] says how it ends.
    ///
    /// With the feature `http-body`.
    #[cfg(feature = "http-body")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
    pub fn body<B: http_body::Body>(&self, inner: B) -> CleanBody<B> {
        CleanBody::new(self.engine(), inner)
    }

    fn engine(&self) -> Engine {
        Engine::new(self.cleaner.setup(), self.hints, self.host.clone(), self.observer.clone())
    }
}

impl fmt::Debug for PageCleaner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageCleaner").finish_non_exhaustive()
    }
}
