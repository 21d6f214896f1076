//! What the pages of one input share.

use std::sync::Arc;

use dechaff::{Cleaner, PageCleaner, Report};

use crate::converting::Converter;
use crate::input::Input;
use crate::report::Page;
use crate::seeing::{Seen, Views};

/// How the pages of an input are cleaned, and what is known of them.
pub(crate) struct Setup {
    pub(crate) cleaner: Cleaner,
    /// What makes something else of clean pages, if they are to come out as such.
    pub(crate) converter: Option<Arc<Converter>>,
    /// The label of the encoding that all pages are in.
    pub(crate) encoding: Option<String>,
    pub(crate) input: Input,
    /// The input's name.
    pub(crate) name: String,
    /// The address of the page, if the input is one.
    pub(crate) url: Option<String>,
    /// The fields of lines to clean.
    pub(crate) fields: Vec<String>,
    /// What is shown besides the pages.
    pub(crate) views: Views,
    /// How many threads may work on the input.
    pub(crate) threads: usize,
}

impl Setup {
    /// What cleans a page: in the encoding that was named, if one was; else with the `Content-Type` it came with. Its address
    /// is the one given, or else the one that was named.
    pub(crate) fn page(
        &self,
        content_type: Option<&str>,
        url: Option<&str>,
    ) -> Result<PageCleaner<'_>, dechaff::Error> {
        let page = self.at(url);
        let page = match content_type {
            Some(value) => page.content_type(value),
            None => page,
        };
        match &self.encoding {
            Some(label) => page.encoding(label),
            None => Ok(page),
        }
    }

    /// Looks at a page of the input that had the bytes `original`: the record or line of this number, with what is known of
    /// it.
    pub(crate) fn see(
        &self,
        place: (Option<u64>, Option<&str>, Option<&str>),
        original: &[u8],
        report: &Report,
    ) -> Seen {
        let (record, field, url) = place;
        let page = Page { input: &self.name, record, field, url: url.or(self.url.as_deref()) };
        self.views.see(page, original, report)
    }

    /// What cleans a page of which only the address is known.
    pub(crate) fn at(&self, url: Option<&str>) -> PageCleaner<'_> {
        match url.or(self.url.as_deref()) {
            Some(url) => self.cleaner.page().url(url),
            None => self.cleaner.page(),
        }
    }
}
