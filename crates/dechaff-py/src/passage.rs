//! The way of a page through the library: nothing that happens on it can take the interpreter along.

use std::io::{self, Write};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dechaff::{Cleaner, PageCleaner, Report};
use pyo3::PyErr;

use crate::error;

/// What is known of a page from outside.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hints<'h> {
    pub(crate) url: Option<&'h str>,
    pub(crate) encoding: Option<&'h str>,
    pub(crate) content_type: Option<&'h str>,
}

impl Hints<'_> {
    /// Says so if there is no such encoding.
    pub(crate) fn check(&self, cleaner: &Cleaner) -> Result<(), PyErr> {
        self.page(cleaner).map(drop)
    }

    /// What cleans such a page, or the exception that says why there is no such encoding.
    pub(crate) fn page<'c>(&self, cleaner: &'c Cleaner) -> Result<PageCleaner<'c>, PyErr> {
        let mut page = cleaner.page();
        if let Some(url) = self.url {
            page = page.url(url);
        }
        if let Some(value) = self.content_type {
            page = page.content_type(value);
        }
        match self.encoding {
            Some(label) => page.encoding(label).map_err(|error| error::option(error.to_string())),
            None => Ok(page),
        }
    }
}

/// What is to be cut from a page, or why it can't be cleaned.
///
/// The page itself is not written anywhere: it is the input without the cuts, and mostly there are none.
pub(crate) fn look(page: &PageCleaner<'_>, html: &[u8]) -> Result<Report, String> {
    guarded(|| {
        let mut writer = page.writer(io::sink());
        writer.write_all(html).map_err(|error| inner(error).to_string())?;
        let (_, report) = writer.finish().map_err(|error| error.to_string())?;
        Ok(report)
    })
}

/// Does what may fail, a bug of the library included: in Python a panic is no `Exception`, and would end the job around it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err("a bug in dechaff: it panicked, and standard error has the place; please report it".into())
    })
}

/// The library's error that a writer wrapped.
pub(crate) fn inner(error: io::Error) -> dechaff::Error {
    error.downcast().unwrap_or_else(Into::into)
}

/// The pieces of a page of `length` bytes that stay, in order; none of them is empty. Without a report that is all of it.
pub(crate) fn kept(report: Option<&Report>, length: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let cuts = report.map_or(&[][..], |report| &report.cuts);
    let at = move |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(length);
    let starts = [0].into_iter().chain(cuts.iter().map(move |cut| at(cut.range.end)));
    let ends = cuts.iter().map(move |cut| at(cut.range.start)).chain([length]);
    starts.zip(ends).map(|(start, end)| start..end).filter(|piece| !piece.is_empty())
}
