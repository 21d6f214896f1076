//! dechaff, in the ways in which its users would run it.

use std::hint::black_box;
use std::io::Write;

use dechaff::{Category, Cleaner};

use crate::{CHUNK, Case};

/// What dechaff is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// The default categories by start tags alone: `text_evidence(false)`.
    Tags,
    /// The default categories.
    Default,
    /// All categories.
    All,
}

impl Mode {
    /// All, from the one that does the least.
    pub const ALL: [Self; 3] = [Self::Tags, Self::Default, Self::All];

    /// Its name as a case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tags => "dechaff-tags",
            Self::Default => "dechaff",
            Self::All => "dechaff-all",
        }
    }

    /// Compiles the rules for it.
    #[must_use]
    pub fn cleaner(self) -> Cleaner {
        match self {
            Self::Tags => Cleaner::builder().text_evidence(false).build(),
            Self::Default => Cleaner::new(),
            Self::All => Cleaner::builder().categories(Category::ALL).build(),
        }
    }

    /// Cleans a page that comes in chunks of `chunk` bytes. The rules are compiled once for all pages.
    #[must_use]
    pub fn case(self, chunk: usize) -> Case {
        clean_in_chunks(self.name(), self.cleaner(), chunk)
    }
}

/// Cleans pages that come in chunks of the usual size.
#[must_use]
pub fn clean_with(name: &'static str, cleaner: Cleaner) -> Case {
    clean_in_chunks(name, cleaner, CHUNK)
}

fn clean_in_chunks(name: &'static str, cleaner: Cleaner, chunk: usize) -> Case {
    Case::new(name, move |page, out| {
        let mut writer = cleaner.writer(out);
        for chunk in page.chunks(chunk) {
            writer.write_all(chunk)?;
        }
        let (_, report) = writer.finish()?;
        black_box(report);
        Ok(())
    })
}
