//! What can go wrong.

use std::io;

use crate::EncodingEvidence;

/// An error of this crate. [`Error::kind`] says which.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No category has this name.
    #[error("unknown category '{name}'; there are: {}", names())]
    UnknownCategory {
        /// The name that was asked for.
        name: String,
    },
    /// Something in a selector is not supported, or it is no CSS.
    #[error("selector '{selector}': {what}")]
    Selector {
        /// The selector as it was written.
        selector: String,
        /// What is wrong with it.
        what: String,
    },
    /// A rule file or filter list of the user's is not what it should be.
    #[error("{name}: {what}")]
    Rules {
        /// The name it was given.
        name: String,
        /// What is wrong with it; may be several lines.
        what: String,
    },
    /// No encoding has this label.
    #[error("unknown encoding '{label}'")]
    UnknownEncoding {
        /// The label that was given.
        label: String,
    },
    /// The page is in an encoding that no browser reads, since it can hide markup: ISO-2022-KR, ISO-2022-CN or HZ (Encoding
    /// Standard, 14.1, "replacement"). All input received so far has been written, but for what was cut before a `<meta>` that
    /// said so. If its evidence is a [label](EncodingEvidence::Label), that was refused, and no page was begun.
    #[error(
        "in ISO-2022-KR, ISO-2022-CN or HZ, as its {evidence} says, which no browser reads; convert it to UTF-8 first"
    )]
    ReplacementEncoding {
        /// What says so.
        evidence: EncodingEvidence,
    },
    /// The underlying writer failed; its error is the [source](std::error::Error::source).
    #[error("the output could not be written")]
    Io(#[source] io::Error),
    /// A tag is larger than it may be. All input received so far has been written.
    #[error("the page can't be read any further at byte {offset}: a tag has more than {limit} bytes")]
    Memory {
        /// Where the tag begins, in bytes of input.
        offset: u64,
        /// The limit, in bytes: [`CleanerBuilder::max_tag_bytes`](crate::CleanerBuilder::max_tag_bytes).
        limit: u64,
    },
    /// What was taken for a page is compressed. All input received so far has been written.
    #[error("compressed ({format}); unpack it first")]
    Compressed {
        /// The format, as its first bytes say: `gzip`, `zstd`, `xz`, `bzip2` or `zip`.
        format: &'static str,
    },
    /// What was taken for a page is something else. All input received so far has been written.
    #[error("not HTML ({format})")]
    NoHtml {
        /// What it is, as its first bytes say: `PDF`, `PNG`, `JPEG` or `GIF`.
        format: &'static str,
    },
    /// The end of the page has not been reached.
    #[error("the page was not read to its end")]
    Unfinished,
    /// The writer was used again after an error.
    #[error("the cleaner was used again after an error")]
    Poisoned,
}

fn names() -> String {
    crate::Category::ALL.map(crate::Category::name).join(", ")
}

impl Error {
    /// Which kind of error it is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The kind, by value.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.0
    }

    /// Whether the underlying writer failed. Its error is the [source](std::error::Error::source).
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(*self.0, ErrorKind::Io(_))
    }

    /// Whether the page is the reason: it can't be read, and came out as it was from where that showed. Other pages are not
    /// concerned. The [kind](Error::kind) says what can be done about it:
    ///
    /// ```
    /// use dechaff::ErrorKind;
    ///
    /// let error = dechaff::clean(b"\x1F\x8B\x08\0\0\0\0\0\0\x03").unwrap_err();
    /// assert!(error.is_page() && !error.is_io() && !error.is_setting());
    /// assert_eq!(error.to_string(), "compressed (gzip); unpack it first");
    /// let next = match error.kind() {
    ///     ErrorKind::Compressed { format } => format!("unpack by {format}"),
    ///     ErrorKind::NoHtml { format } => format!("pass the {format} on"),
    ///     ErrorKind::Memory { offset, .. } => format!("look at byte {offset}"),
    ///     // There may be more kinds in later versions.
    ///     _ => "pass it on".to_owned(),
    /// };
    /// assert_eq!(next, "unpack by gzip");
    /// ```
    #[must_use]
    pub fn is_page(&self) -> bool {
        use ErrorKind::{Compressed, Memory, NoHtml, ReplacementEncoding};
        let kind = &*self.0;
        matches!(kind, Compressed { .. } | NoHtml { .. } | Memory { .. } | ReplacementEncoding { .. })
            && !self.is_setting()
    }

    /// Whether a setting is the reason: a category, a selector, rules, or the label of an encoding. No page was begun.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        use ErrorKind::{ReplacementEncoding, Rules, Selector, UnknownCategory, UnknownEncoding};
        match *self.0 {
            ReplacementEncoding { evidence } => evidence == EncodingEvidence::Label,
            UnknownCategory { .. } | Selector { .. } | Rules { .. } | UnknownEncoding { .. } => true,
            _ => false,
        }
    }

    /// Whether the page did not come to its end: it was given up, or its source failed.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(*self.0, ErrorKind::Unfinished)
    }

    /// The same once more. A writer's error, which can't be told twice, is [`ErrorKind::Poisoned`].
    pub(crate) fn again(&self) -> Self {
        match *self.0 {
            ErrorKind::Memory { offset, limit } => ErrorKind::Memory { offset, limit },
            ErrorKind::ReplacementEncoding { evidence } => ErrorKind::ReplacementEncoding { evidence },
            ErrorKind::Compressed { format } => ErrorKind::Compressed { format },
            ErrorKind::NoHtml { format } => ErrorKind::NoHtml { format },
            ErrorKind::Unfinished => ErrorKind::Unfinished,
            _ => ErrorKind::Poisoned,
        }
        .into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<io::Error> for Error {
    /// An error of this crate that is inside comes out again; any other is [`ErrorKind::Io`].
    fn from(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(|error| ErrorKind::Io(error).into())
    }
}

impl From<Error> for io::Error {
    /// An I/O error comes back as it was; other kinds become [`io::ErrorKind::Other`] with the error inside.
    fn from(error: Error) -> Self {
        match *error.0 {
            ErrorKind::Io(error) => error,
            kind => Self::other(Error::from(kind)),
        }
    }
}
