//! What was cut, what was not, and why.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::{Category, PageEncoding, RuleId};

/// Everything that was decided about one page.
///
/// Ranges are byte offsets into the input. The output is the input without [`Report::cuts`], which do not overlap and stand in
/// order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The removed elements, in order.
    pub cuts: Vec<Cut>,
    /// Elements that a rule picked and that were kept, in order of their start. Those inside a cut are not listed.
    pub declines: Vec<Decline>,
    /// Where cutting stopped for the rest of the page, if it did.
    pub stop: Option<Stop>,
    /// The encoding that the page was read in, and what said so.
    pub encoding: PageEncoding,
    /// Bytes of input.
    pub bytes_in: u64,
    /// Bytes of output.
    pub bytes_out: u64,
}

impl Report {
    /// Bytes cut in all categories together.
    #[must_use]
    pub fn bytes_cut(&self) -> u64 {
        self.bytes_in - self.bytes_out
    }

    /// How many elements of `category` were cut.
    #[must_use]
    pub fn count(&self, category: Category) -> usize {
        self.cuts.iter().filter(|c| c.category == category).count()
    }
}

/// An element that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cut {
    /// The category of the rule.
    pub category: Category,
    /// The rule, as `file/rule`: `onetrust/banner`; `text/...` where the element's text decided.
    pub rule: RuleId,
    /// The element's tag name, lower-cased.
    pub tag: Cow<'static, str>,
    /// The bytes that were removed: from `<` of the start tag to the end of the element.
    pub range: Range<u64>,
}

/// From here on the page was passed through as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stop {
    /// Offset in bytes.
    pub offset: u64,
    /// Why.
    pub reason: DeclineReason,
}

/// An element that a rule picked and that stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decline {
    /// The category of the rule.
    pub category: Category,
    /// The rule, as in [`Cut::rule`].
    pub rule: RuleId,
    /// The element's tag name, lower-cased.
    pub tag: Cow<'static, str>,
    /// From `<` of its start tag to where the decision fell, in bytes; that can be before the element's end.
    pub range: Range<u64>,
    /// Why it stayed.
    pub reason: DeclineReason,
}

/// Why an element that a rule picked was kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum DeclineReason {
    /// It is `html`, `body`, `head`, `main`, `article` or has `role=main`: page state is often written there as a class.
    Root,
    /// It holds an `h1`, `main` or `article`, or what a rule file names as content: a section of the page, whatever its class
    /// says.
    HoldsContent,
    /// It holds a `pre`, `code` or `blockquote`, or stands in one, and only words of its class speak for the rule: text about
    /// such things, not the thing itself.
    Quotation,
    /// It has more words than its rule allows.
    TooManyWords,
    /// It has more links than its rule allows.
    TooManyLinks,
    /// The rule asks for something inside (an e-mail field, a share link, a word), and it was not there.
    NoEvidence,
    /// Its text says it is what would be cut, but the page is about such things, as its title or `h1` says.
    OnTopic,
    /// Its text says it is what would be cut, but it is a heading with content under it.
    HeadsContent,
    /// A forum or question page: comments are its content.
    Forum,
    /// Too little prose stands before the comments to be sure that they are not the content.
    LittleProse,
    /// It is larger than the bytes that may be held back.
    TooLarge,
    /// More elements were open than are followed: [`CleanerBuilder::max_depth`](crate::CleanerBuilder::max_depth) of them, or 16
    /// that rules pick inside each other, or 64 formatting elements; or more than 8 waited for what comes after them. After the
    /// first and the third nothing is cut.
    TooDeep,
    /// It has more attributes than are looked at, or a longer `id`, `class` or `role`
    /// ([`CleanerBuilder::max_attributes`](crate::CleanerBuilder::max_attributes)).
    AttributeLimit,
    /// The report is full ([`CleanerBuilder::max_report_entries`](crate::CleanerBuilder::max_report_entries)): nothing is cut
    /// after that.
    ReportFull,
    /// Its start tag was dropped by the parser (a second `body`, a cell outside a table): there is no such element.
    NoElement,
    /// Its start tag closed or opened another element, and what follows would not do the same.
    ChangedStart,
    /// After it, other elements would be open than before it: something in it was not closed, or closed too much.
    ChangedState,
    /// Formatting elements (`b`, `a` and the like) overlap its edges: the parser takes them apart and clones them.
    Misnested,
    /// The parser moves nodes across its edges: text in a table, a second `body`.
    MovedNodes,
    /// It was still open at `</body>`: whatever follows belongs to it.
    OpenAtBodyEnd,
    /// The text before and after it would make something new: `&am` and `p;`.
    JoinedText,
    /// After it, ISO-2022-JP would be in another character set than before it: what follows would be read as something else.
    Encoding,
    /// From there on, parsers in use read the page in different ways: nothing is cut after that.
    ParsersDiffer,
    /// The page is a frameset.
    Frameset,
    /// The user's own selector says that it stays, or something in it, or what it is in.
    Protected,
}

impl DeclineReason {
    /// A short name: `holds-content`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::HoldsContent => "holds-content",
            Self::Quotation => "quotation",
            Self::TooManyWords => "too-many-words",
            Self::TooManyLinks => "too-many-links",
            Self::NoEvidence => "no-evidence",
            Self::OnTopic => "on-topic",
            Self::HeadsContent => "heads-content",
            Self::Forum => "forum",
            Self::LittleProse => "little-prose",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::AttributeLimit => "attribute-limit",
            Self::ReportFull => "report-full",
            Self::NoElement => "no-element",
            Self::ChangedStart => "changed-start",
            Self::ChangedState => "changed-state",
            Self::Misnested => "misnested",
            Self::MovedNodes => "moved-nodes",
            Self::OpenAtBodyEnd => "open-at-body-end",
            Self::JoinedText => "joined-text",
            Self::Encoding => "encoding",
            Self::ParsersDiffer => "parsers-differ",
            Self::Frameset => "frameset",
            Self::Protected => "protected",
        }
    }
}

impl fmt::Display for DeclineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
