//! What is measured.

use std::io::{self, Write};

use dechaff::{Category, Cleaner};
use lol_html::send::{HtmlRewriter, Settings};

/// Pages come in chunks of this many bytes, as in the tool itself.
const CHUNK: usize = crate::output::BUFFER;

/// Something that is done with a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    /// It is copied.
    Copy,
    /// `lol_html` finds its tags and passes it on.
    PassThrough,
    /// The default categories are cut.
    Default,
    /// All are.
    All,
}

impl Case {
    /// From what does the least.
    pub(super) const ALL: [Self; 4] = [Self::Copy, Self::PassThrough, Self::Default, Self::All];

    /// A short name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::PassThrough => "lol_html",
            Self::Default => "default",
            Self::All => "all",
        }
    }

    /// What the table calls it.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Copy => "copying",
            Self::PassThrough => "lol_html, no handlers",
            Self::Default => "dechaff, default categories",
            Self::All => "dechaff, all categories",
        }
    }

    /// Makes what can be used for all pages.
    pub(super) fn ready(self) -> Ready {
        match self {
            Self::Copy => Ready::Copy,
            Self::PassThrough => Ready::PassThrough,
            Self::Default => Ready::Clean(Cleaner::new()),
            Self::All => Ready::Clean(Cleaner::builder().categories(Category::ALL).build()),
        }
    }
}

/// A case, ready to run.
pub(super) enum Ready {
    Copy,
    PassThrough,
    Clean(Cleaner),
}

/// What was cut of a page.
#[derive(Clone, Copy, Default)]
pub(super) struct Cut {
    pub(super) elements: usize,
    pub(super) bytes: u64,
}

impl Ready {
    /// Does it once with `page`. What comes out goes to `out`.
    pub(super) fn run(&self, page: &[u8], out: &mut dyn Write) -> io::Result<Cut> {
        match self {
            Self::Copy => page.chunks(CHUNK).try_for_each(|chunk| out.write_all(chunk))?,
            Self::PassThrough => {
                let settings = Settings::new_send().with_strict(false);
                let mut written = Ok(());
                let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| {
                    if written.is_ok() {
                        written = out.write_all(chunk);
                    }
                });
                page.chunks(CHUNK).try_for_each(|chunk| rewriter.write(chunk)).map_err(io::Error::other)?;
                rewriter.end().map_err(io::Error::other)?;
                written?;
            }
            Self::Clean(cleaner) => {
                let mut writer = cleaner.writer(out);
                page.chunks(CHUNK).try_for_each(|chunk| writer.write_all(chunk))?;
                let (_, report) = writer.finish()?;
                return Ok(Cut { elements: report.cuts.len(), bytes: report.bytes_cut() });
            }
        }
        Ok(Cut::default())
    }
}
