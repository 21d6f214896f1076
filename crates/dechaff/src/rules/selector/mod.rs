//! Selectors of the user's: CSS, as far as a start tag and what is open around it can tell.
//!
//! `parse` reads them, `matching` says whether an element meets one.

pub(crate) mod matching;
#[cfg(feature = "rules")]
mod parse;

use std::fmt;
use std::sync::Arc;

use crate::tree::tag::Name;

/// A CSS selector that says which elements to [remove](crate::CleanerBuilder::remove) or to
/// [keep](crate::CleanerBuilder::keep).
///
/// What it may be made of ([Selectors Level 4](https://www.w3.org/TR/selectors-4/)):
///
/// | | |
/// |---|---|
/// | `div`, `*`, `#id`, `.class` | |
/// | `[name]`, `[name=value]`, `~=`, `\|=`, `^=`, `$=`, `*=` | with `i` or `s` for the case of ASCII letters |
/// | `a b`, `a > b` | an element inside another one, or directly in it |
/// | `a, b` | any of several |
/// | `:not(...)` | with what is above, without combinators |
/// | `:first-child`, `:nth-child(2n+1)`, `:first-of-type`, `:nth-of-type(3)` | counted as the page comes in: what is cut counts, too |
///
/// Everything else asks for what comes after an element, or for what only a browser knows; it is an error that names it.
///
/// ```
/// # #[cfg(feature = "rules")] {
/// use dechaff::{Cleaner, Selector};
///
/// let promo: Selector = "aside.promo > a[href^='/shop/']".parse()?;
/// let cleaner = Cleaner::builder().categories([]).remove(promo).build();
/// let page = b"<aside class=promo><a href=/shop/7>Mugs</a> <a href=/faq>FAQ</a></aside>";
/// assert_eq!(cleaner.clean(page)?.0, b"<aside class=promo> <a href=/faq>FAQ</a></aside>");
///
/// let error = "p:hover".parse::<Selector>().unwrap_err();
/// assert_eq!(error.to_string(), "selector 'p:hover': ':hover' is not supported");
/// # }
/// # Ok::<(), dechaff::Error>(())
/// ```
#[derive(Clone)]
pub struct Selector {
    /// As it was written.
    text: Arc<str>,
    list: Arc<[Complex]>,
}

impl Selector {
    /// The selector as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn list(&self) -> &[Complex] {
        &self.list
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Selector").field(&self.text).finish()
    }
}

/// One selector of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Complex {
    /// What the element itself must meet.
    pub(crate) subject: Compound,
    /// What must be around it, from the inside out.
    pub(crate) around: Vec<(Combinator, Compound)>,
}

/// How an element lies to one that is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combinator {
    /// Directly in it: `a > b`.
    Child,
    /// Anywhere in it: `a b`.
    Descendant,
}

/// Tests of one element, all of which it must meet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Compound {
    pub(crate) tests: Vec<Simple>,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Simple {
    Tag(Name),
    Id(Box<[u8]>),
    Class(Box<[u8]>),
    /// Of an attribute, its name lower-cased.
    Attribute(Box<[u8]>, ValueTest),
    /// None of them is met.
    Not(Vec<Compound>),
    /// Its place among the elements in its parent, or among those of its name, is `step * n + offset`.
    Nth {
        step: i32,
        offset: i32,
        of_type: bool,
    },
}

/// What an attribute's value must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueTest {
    pub(crate) operator: Operator,
    pub(crate) value: Box<[u8]>,
    /// ASCII case is ignored.
    pub(crate) ignore_case: bool,
}

/// The operators of attribute selectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// The attribute is there.
    Present,
    /// `=`
    Equals,
    /// `~=`: one of the words of the value.
    Includes,
    /// `|=`: the value, or what stands before a hyphen in it.
    Dash,
    /// `^=`
    Prefix,
    /// `$=`
    Suffix,
    /// `*=`
    Substring,
}

impl Complex {
    /// Whether more has to be known than the start tag.
    pub(crate) fn needs_tree(&self) -> bool {
        !self.around.is_empty() || self.subject.counts()
    }

    /// Whether an element's place among others has to be known.
    pub(crate) fn counts(&self) -> bool {
        self.subject.counts() || self.around.iter().any(|(_, compound)| compound.counts())
    }
}

impl Compound {
    /// The test that the fewest elements meet, as a rule.
    pub(crate) fn rarest(&self) -> Option<&Simple> {
        self.tests.iter().min_by_key(|test| match test {
            Simple::Id(_) => 0,
            Simple::Class(_) => 1,
            Simple::Attribute(_, test) if test.operator != Operator::Present => 2,
            Simple::Attribute(..) => 3,
            Simple::Tag(_) => 4,
            Simple::Not(_) | Simple::Nth { .. } => 5,
        })
    }

    /// Whether it asks for the element's place among others.
    pub(crate) fn counts(&self) -> bool {
        self.tests.iter().any(|test| match test {
            Simple::Nth { .. } => true,
            Simple::Not(list) => list.iter().any(Self::counts),
            _ => false,
        })
    }
}
