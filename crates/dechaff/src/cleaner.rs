//! The compiled cleaner and its builder.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use crate::engine::blocks::TextRules;
use crate::engine::{Bounds, Setup, needs_page};
use crate::error::Error;
use crate::rules::index::Index;
use crate::rules::{Stems, guards};
use crate::verdict::ForumMarks;
use crate::{Category, CleanWriter, PageCleaner, Report};

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
    /// [`ErrorKind::Tokenizer`](crate::ErrorKind::Tokenizer) if the page can't be read to its end,
    /// [`ErrorKind::ReplacementEncoding`](crate::ErrorKind::ReplacementEncoding) if it says that it is in an encoding that
    /// browsers refuse to read.
    pub fn clean(&self, page: &[u8]) -> Result<(Vec<u8>, Report), Error> {
        self.page().clean(page)
    }

    /// A writer that cleans one page on its way to `inner`. Write the page to it in chunks of any size, then call
    /// [`CleanWriter::finish`].
    pub fn writer<W: Write>(&self, inner: W) -> CleanWriter<W> {
        self.page().writer(inner)
    }

    /// The same for a page of which something is known: its encoding, the `Content-Type` it came with.
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
    text: bool,
}

impl Default for CleanerBuilder {
    fn default() -> Self {
        Self {
            categories: Category::ALL.into_iter().filter(|c| c.is_default()).collect(),
            bounds: Bounds { element: 1 << 20, block: 64 << 10, total: 4 << 20 },
            text: true,
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
    /// kept.
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

    /// Sets how many bytes may be held back in all, elements inside each other counted once.
    ///
    /// ### Default
    /// 4 MiB (4,194,304).
    pub fn max_held_bytes(mut self, bytes: u64) -> Self {
        self.bounds.total = bytes;
        self
    }

    /// Compiles the rules: a few milliseconds. Do it once, not for each page.
    #[must_use]
    pub fn build(self) -> Cleaner {
        let setup = Setup {
            index: Index::new(&self.categories),
            bounds: self.bounds,
            topics: guards().topics.map(|stems| (!stems.is_empty()).then(|| Stems::new(stems.to_vec()))),
            forum: ForumMarks::new(),
            threads: needs_page(&self.categories),
            text: self.text.then(|| TextRules::new(&self.categories)),
        };
        Cleaner { setup: Arc::new(setup) }
    }
}
