//! The compiled cleaner and its builder.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

#[cfg(feature = "http-body")]
use crate::CleanBody;
#[cfg(feature = "futures")]
use crate::CleanStream;
use crate::engine::blocks::TextRules;
use crate::engine::{Bounds, Limits, Setup, needs_page};
use crate::error::Error;
use crate::observer::Observer;
use crate::rules::index::Index;
use crate::rules::user::UserRules;
use crate::rules::{Stems, guards};
use crate::verdict::ForumMarks;
#[cfg(feature = "tokio")]
use crate::{AsyncCleanReader, AsyncCleanWriter};
use crate::{Category, CleanReader, CleanWriter, Decision, PageCleaner, Report};
#[cfg(feature = "rules")]
use crate::{FilterList, RuleFile, Selector};

/// Cuts chaff out of HTML. Built once, used for any number of pages, from any number of threads; cloning it is cheap.
///
/// ```
/// use dechaff::Cleaner;
///
/// let cleaner = Cleaner::new();
/// let page = b"<p>News</p><div class='newsletter-form'>Subscribe!</div><p>More</p>";
/// let (clean, report) = cleaner.clean(page)?;
/// assert_eq!(clean, b"<p>News</p><p>More</p>");
/// assert_eq!(report.cuts[0].rule, "newsletter-words/pair-and-text");
/// # Ok::<(), dechaff::Error>(())
/// ```
#[derive(Clone)]
pub struct Cleaner {
    setup: Arc<Setup>,
}

impl Cleaner {
    /// A cleaner for the categories that are cut by default.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A builder, for other categories and bounds.
    pub fn builder() -> CleanerBuilder {
        CleanerBuilder::default()
    }

    /// Cleans a page that is in memory: gives the bytes that stay and the report.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Memory`](crate::ErrorKind::Memory) if a tag is too large,
    /// [`ErrorKind::ReplacementEncoding`](crate::ErrorKind::ReplacementEncoding) if it says that it is in an encoding that
    /// browsers refuse to read, [`ErrorKind::Compressed`](crate::ErrorKind::Compressed) if it is compressed,
    /// [`ErrorKind::NoHtml`](crate::ErrorKind::NoHtml) if it is a PDF or a picture.
    pub fn clean(&self, page: &[u8]) -> Result<(Vec<u8>, Report), Error> {
        self.page().clean(page)
    }

    /// Cleans a page that is text in memory: gives the text that stays and the report. It is UTF-8, whatever it says of itself.
    /// Ranges of the report are bytes of `page`, and lie between characters.
    ///
    /// # Errors
    ///
    /// Those of [`Cleaner::clean`], but for the encoding.
    ///
    /// ```
    /// let page = "<meta charset=latin1><p>Café</p><div class='sharedaddy'>Share this</div>";
    /// let (clean, report) = dechaff::Cleaner::new().clean_str(page)?;
    /// assert_eq!(clean, "<meta charset=latin1><p>Café</p>");
    /// assert_eq!(report.encoding.name, "UTF-8");
    /// # Ok::<(), dechaff::Error>(())
    /// ```
    pub fn clean_str(&self, page: &str) -> Result<(String, Report), Error> {
        self.page().clean_str(page)
    }

    /// A writer that cleans one page on its way to `inner`. Write the page to it in chunks of any size, then call
    /// [`CleanWriter::finish`].
    pub fn writer<W: Write>(&self, inner: W) -> CleanWriter<W> {
        self.page().writer(inner)
    }

    /// A reader that cleans one page, which it draws from `inner`. Read it to its end, then call [`CleanReader::finish`].
    pub fn reader<R: Read>(&self, inner: R) -> CleanReader<R> {
        self.page().reader(inner)
    }

    /// A stream that cleans one page, whose chunks `inner` gives. [`CleanStream::outcome`] says how it ends.
    ///
    /// With the feature `futures`.
    #[cfg(feature = "futures")]
    #[cfg_attr(docsrs, doc(cfg(feature = "futures")))]
    pub fn stream<S>(&self, inner: S) -> CleanStream<S>
    where
        S: futures_core::TryStream<Ok: Into<bytes::Bytes>>,
    {
        self.page().stream(inner)
    }

    /// A reader that cleans one page, which it draws from `inner` without blocking. Read it to its end, then call
    /// [`AsyncCleanReader::finish`].
    ///
    /// With the feature `tokio`.
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn async_reader<R: tokio::io::AsyncRead>(&self, inner: R) -> AsyncCleanReader<R> {
        self.page().async_reader(inner)
    }

    /// A writer that cleans one page on its way to `inner` without blocking. Write the page to it in chunks of any size, then call
    /// [`AsyncCleanWriter::finish`], or shut it down.
    ///
    /// With the feature `tokio`.
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn async_writer<W: tokio::io::AsyncWrite>(&self, inner: W) -> AsyncCleanWriter<W> {
        self.page().async_writer(inner)
    }

    /// A body that is one page, which comes in `inner`, cleaned. [`CleanBody::outcome`] says how it ends.
    ///
    /// With the feature `http-body`.
    #[cfg(feature = "http-body")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http-body")))]
    pub fn body<B: http_body::Body>(&self, inner: B) -> CleanBody<B> {
        self.page().body(inner)
    }

    /// Cleans a page of which something is known: its encoding, the `Content-Type` it came with, its address, who is told of its
    /// cuts. What is called on it is called as here.
    pub fn page(&self) -> PageCleaner<'_> {
        PageCleaner::new(self)
    }

    pub(crate) fn setup(&self) -> Arc<Setup> {
        Arc::clone(&self.setup)
    }
}

impl Default for Cleaner {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Cleaner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleaner").finish_non_exhaustive()
    }
}

/// Settings for a [`Cleaner`].
///
/// ```
/// use dechaff::{Category, Cleaner};
///
/// let cleaner = Cleaner::builder().categories([Category::CookieNotice]).max_element_bytes(64 * 1024).build();
/// # let _ = cleaner;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct CleanerBuilder {
    categories: Vec<Category>,
    bounds: Bounds,
    limits: Limits,
    text: bool,
    user: UserRules,
    observer: Option<Observer>,
}

impl Default for CleanerBuilder {
    fn default() -> Self {
        Self {
            categories: Category::ALL.into_iter().filter(|c| c.is_default()).collect(),
            bounds: Bounds { element: 1 << 20, block: 64 << 10, total: 4 << 20 },
            limits: Limits {
                depth: 1_024,
                attributes: 256,
                attribute_bytes: 64 << 10,
                tag_bytes: 64 << 20,
                report_entries: 1 << 16,
            },
            text: true,
            user: UserRules::default(),
            observer: None,
        }
    }
}

impl CleanerBuilder {
    /// Sets exactly which categories are cut.
    ///
    /// ### Default
    /// Those for which [`Category::is_default`] holds.
    pub fn categories(mut self, categories: impl IntoIterator<Item = Category>) -> Self {
        self.categories = categories.into_iter().collect();
        self
    }

    /// Sets how many bytes of one element may be held back until its end is seen. A larger one is kept, and reported with
    /// [`DeclineReason::TooLarge`](crate::DeclineReason::TooLarge).
    ///
    /// ### Default
    /// 1 MiB (1,048,576). The largest element cut on 1,358 real pages has 260 KB.
    pub fn max_element_bytes(mut self, bytes: u64) -> Self {
        self.bounds.element = bytes;
        self
    }

    /// Sets how many bytes of an element that only its text speaks for may be held back until its end is seen. A larger one is
    /// kept, without an entry in the report.
    ///
    /// ### Default
    /// 64 KiB (65,536). Of newsletter boxes on real pages 99 % have less than 27 KB.
    pub fn max_block_bytes(mut self, bytes: u64) -> Self {
        self.bounds.block = bytes;
        self
    }

    /// Sets whether the text of short blocks may decide, or ids, classes and other attributes alone.
    ///
    /// ### Default
    /// `true`.
    pub fn text_evidence(mut self, on: bool) -> Self {
        self.text = on;
        self
    }

    /// Sets how many bytes may be held back in all, elements inside each other counted once. What would go over it is kept, and
    /// reported with [`DeclineReason::TooLarge`](crate::DeclineReason::TooLarge) if a rule picked it.
    ///
    /// ### Default
    /// 4 MiB (4,194,304).
    pub fn max_held_bytes(mut self, bytes: u64) -> Self {
        self.bounds.total = bytes;
        self
    }

    /// Sets how many elements may be open at a time. From a deeper one on nothing is cut: the report has a
    /// [`stop`](Report::stop) with [`DeclineReason::TooDeep`](crate::DeclineReason::TooDeep). An open element takes about 100
    /// bytes, and some tags make the parser walk over all of them.
    ///
    /// ### Default
    /// 1,024. Browsers stop nesting at 512; no page of 1,358 real ones is more than 50 deep.
    pub fn max_depth(mut self, elements: usize) -> Self {
        self.limits.depth = elements;
        self
    }

    /// Sets how many attributes of a start tag are looked at. An element that has more and that a rule picked is kept, and
    /// reported with [`DeclineReason::AttributeLimit`](crate::DeclineReason::AttributeLimit).
    ///
    /// ### Default
    /// The first 256. No tag on 1,358 real pages has more than 185.
    pub fn max_attributes(mut self, count: usize) -> Self {
        self.limits.attributes = count;
        self
    }

    /// Sets how many bytes the value of an attribute may have to be looked at. If it is the `id`, `class` or `role` of an
    /// element that a rule picked, that one is kept, and reported with
    /// [`DeclineReason::AttributeLimit`](crate::DeclineReason::AttributeLimit).
    ///
    /// ### Default
    /// 64 KiB (65,536). The longest class on 1,358 real pages has 7,433.
    pub fn max_attribute_bytes(mut self, bytes: u32) -> Self {
        self.limits.attribute_bytes = bytes;
        self
    }

    /// Sets how many bytes a tag may have: it is held until it ends. A page with a larger one ends with
    /// [`ErrorKind::Memory`](crate::ErrorKind::Memory), after all of it that has been received was written.
    ///
    /// ### Default
    /// 64 MiB (67,108,864). The largest tag on 1,358 real pages has less than 1 MB.
    pub fn max_tag_bytes(mut self, bytes: u64) -> Self {
        self.limits.tag_bytes = bytes;
        self
    }

    /// Sets how many cuts and declines the report of a page may have. When it is full nothing more is cut: it has a
    /// [`stop`](Report::stop) with [`DeclineReason::ReportFull`](crate::DeclineReason::ReportFull). What is not decided then stays,
    /// and may have an entry beyond that number.
    ///
    /// ### Default
    /// 65,536. An entry takes about 100 bytes.
    pub fn max_report_entries(mut self, count: usize) -> Self {
        self.limits.report_entries = count;
        self
    }

    /// Removes what `selector` picks, on all pages, whatever it holds: the guards of the built-in rules are not asked. It stays
    /// only if the page without it would be another one, if it holds something to [keep](CleanerBuilder::keep), or outgrows a
    /// bound. In reports the category is [`Category::Custom`], the rule `remove/` with the selector.
    ///
    /// With the feature `rules`.
    ///
    /// ### Default
    /// None.
    #[cfg(feature = "rules")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
    pub fn remove(mut self, selector: Selector) -> Self {
        self.user.add_selector(selector, false);
        self
    }

    /// Keeps what `selector` picks, with all that is in it and around it: no rule cuts any of that, the built-in ones, text
    /// evidence and those of the user alike. What they would have cut is reported with
    /// [`DeclineReason::Protected`](crate::DeclineReason::Protected).
    ///
    /// With the feature `rules`.
    ///
    /// ### Default
    /// None.
    #[cfg(feature = "rules")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
    pub fn keep(mut self, selector: Selector) -> Self {
        self.user.add_selector(selector, true);
        self
    }

    /// Adds the rules of a file. They come before the built-in ones.
    ///
    /// With the feature `rules`.
    ///
    /// ### Default
    /// None but the built-in ones.
    #[cfg(feature = "rules")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
    pub fn rules(mut self, file: RuleFile) -> Self {
        self.user.files.push(file);
        self
    }

    /// Adds a filter list. It is in force as selectors to [remove](CleanerBuilder::remove) are, on its sites.
    ///
    /// With the feature `rules`.
    ///
    /// ### Default
    /// None.
    #[cfg(feature = "rules")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rules")))]
    pub fn filter_list(mut self, list: FilterList) -> Self {
        self.user.lists.push(list);
        self
    }

    /// Has each [`Decision`] told to `observer` while a page streams, as soon as nothing can change it any more: each one that is in
    /// the report at the end, once, in the order of the page. What has become final is told after its bytes were written. It may
    /// be called from several threads at once, if pages are cleaned so; a page can have
    /// [one of its own](PageCleaner::observer).
    ///
    /// ### Default
    /// None, which costs nothing.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::sync::Arc;
    ///
    /// use dechaff::{Cleaner, Decision};
    ///
    /// let bytes_cut = Arc::new(AtomicU64::new(0));
    /// let count = Arc::clone(&bytes_cut);
    /// let cleaner = Cleaner::builder().observer(move |decision| {
    ///     if let Decision::Cut(cut) = decision {
    ///         count.fetch_add(cut.range.end - cut.range.start, Ordering::Relaxed);
    ///     }
    /// });
    /// cleaner.build().clean(b"<p>News</p><div class='sharedaddy'>Share this</div>")?;
    /// assert_eq!(bytes_cut.load(Ordering::Relaxed), 40);
    /// # Ok::<(), dechaff::Error>(())
    /// ```
    pub fn observer(mut self, observer: impl Fn(Decision<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observer));
        self
    }

    /// Compiles the rules: a few milliseconds. Do it once, not for each page.
    #[must_use]
    pub fn build(self) -> Cleaner {
        let setup = Setup {
            index: Index::new(&self.categories, &self.user),
            bounds: self.bounds,
            limits: self.limits,
            topics: guards().topics.map(|stems| (!stems.is_empty()).then(|| Stems::new(stems))),
            forum: ForumMarks::new(),
            threads: needs_page(&self.categories),
            text: self.text.then(|| TextRules::new(&self.categories)),
            observer: self.observer,
        };
        Cleaner { setup: Arc::new(setup) }
    }
}
