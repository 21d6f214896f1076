//! Which encoding a page is in, and how the bytes of one that is not UTF-8 are read.
//!
//! The rest of the crate reads UTF-8. A page in another encoding is translated on its way in, character by character, and it is
//! noted which bytes became which; what is written are the bytes as they came. So nothing is re-encoded, malformed bytes come
//! out as they went in, and a byte that is only a part of a character never looks like markup.
//!
//! The alternative was to read encodings that keep ASCII as it is in place. It costs nothing, but the second byte of a Japanese or
//! Chinese character may be a letter or `]`, and every place that looks at bytes would have to know; and UTF-16 and ISO-2022-JP would need a
//! way of their own, which writes new bytes for old ones.

pub(crate) mod magic;
pub(crate) mod original;
pub(crate) mod prescan;
pub(crate) mod sniff;

use std::fmt;

/// The encoding that a page was read in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct PageEncoding {
    /// Its name in the [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels): `UTF-8`, `windows-1252`.
    pub name: &'static str,
    /// What said so.
    pub evidence: EncodingEvidence,
}

impl Default for PageEncoding {
    fn default() -> Self {
        Self { name: "UTF-8", evidence: EncodingEvidence::Default }
    }
}

/// What says which encoding a page is in, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum EncodingEvidence {
    /// [`PageCleaner::encoding`](crate::PageCleaner::encoding).
    Label,
    /// A byte order mark: the page's first two or three bytes.
    ByteOrderMark,
    /// [`PageCleaner::content_type`](crate::PageCleaner::content_type).
    ContentType,
    /// `<meta charset>` or `<meta http-equiv=content-type>`.
    Meta,
    /// `<?xml encoding="..."?>` at the start of the page.
    XmlDeclaration,
    /// The bytes themselves, as far as they were seen when the first one came that is not ASCII.
    Guess,
    /// Nothing: the page is ASCII, which reads the same in nearly all encodings.
    Default,
}

impl EncodingEvidence {
    /// A short name: `content-type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::ByteOrderMark => "byte-order-mark",
            Self::ContentType => "content-type",
            Self::Meta => "meta",
            Self::XmlDeclaration => "xml-declaration",
            Self::Guess => "guess",
            Self::Default => "default",
        }
    }
}

impl fmt::Display for EncodingEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
