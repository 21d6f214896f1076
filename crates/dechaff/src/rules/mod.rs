//! The rules: data compiled in from `rules/*.toml`, and what is built from them for one [`Cleaner`](crate::Cleaner).

mod attributes;
#[cfg(feature = "rules")]
mod file;
#[cfg(feature = "rules")]
mod filter_list;
#[cfg(feature = "rules")]
#[allow(dead_code, unreachable_pub)]
mod format;
pub(crate) mod index;
pub(crate) mod links;
// Without the feature nobody makes selectors; the index asks for them all the same.
#[cfg_attr(not(feature = "rules"), allow(dead_code, unreachable_pub))]
pub(crate) mod selector;
#[cfg_attr(not(feature = "rules"), allow(dead_code, unreachable_pub))]
pub(crate) mod user;
pub(crate) mod words;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::Category;
use crate::tree::tag::Name;
#[cfg(feature = "rules")]
pub use file::{FileRule, RuleExample, RuleFile};
#[cfg(feature = "rules")]
pub use filter_list::{FilterList, SkippedFilters};
use user::Further;

/// A rule of a file. `build.rs` writes those of the built-in files.
pub(super) struct RuleDef<'f> {
    pub(super) id: &'f str,
    pub(super) category: Category,
    pub(super) certain: bool,
    pub(super) keep: bool,
    pub(super) on: &'f [&'f str],
    pub(super) not_on: &'f [&'f str],
    pub(super) holds_any: &'f [&'f str],
    pub(super) holds_all: &'f [&'f str],
    pub(super) max_words: Option<u32>,
    pub(super) max_links: Option<u32>,
    pub(super) article_inside: bool,
    pub(super) matchers: &'f [Matcher<'f>],
}

/// One way to pick an element by its start tag.
#[derive(Clone, Copy)]
pub(super) enum Matcher<'f> {
    Id(&'f str),
    IdPrefix(&'f str),
    Class(&'f str),
    ClassPrefix(&'f str),
    Word(&'f str),
    Pair(&'f str, &'f str),
    Tag(&'f str),
    Attribute(&'f str, Test<'f>),
}

/// What an attribute's value must be; ASCII case is ignored.
#[derive(Clone, Copy)]
pub(super) enum Test<'f> {
    Present,
    Equals(&'f str),
    Starts(&'f str),
    Contains(&'f str),
    Word(&'f str),
}

/// `guards.toml`, as `build.rs` writes it.
pub(crate) struct GuardDefs {
    /// By [`Category::index`].
    pub(crate) max_words: [u32; 7],
    /// By [`Category::index`].
    pub(crate) topics: [&'static [&'static str]; 7],
    pub(crate) ignored_first_words: &'static [&'static str],
    pub(crate) ignored_tags: &'static [&'static str],
    pub(crate) anchor_tags: &'static [&'static str],
    pub(crate) slug_words: u32,
    pub(crate) forum_markers: &'static [&'static str],
    pub(crate) forum_generators: &'static [&'static str],
    pub(crate) prose_words: u32,
    pub(crate) networks: &'static [&'static str],
    pub(crate) topic_links: &'static [&'static str],
}

mod built_in {
    use super::{GuardDefs, Matcher, RuleDef, Test};
    use crate::Category;

    include!(concat!(env!("OUT_DIR"), "/rules.rs"));
}

/// The guards of `guards.toml`.
pub(crate) fn guards() -> &'static GuardDefs {
    &built_in::GUARDS
}

/// The name of a rule: `file/rule`, for example `onetrust/banner`. Cheap to clone; compares and prints as its text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(Arc<str>);

impl RuleId {
    pub(crate) fn new(name: &str) -> Self {
        Self(name.into())
    }
}

impl Deref for RuleId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for RuleId {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A rule, ready for use.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) category: Category,
    /// It is a vendor's own mark.
    pub(crate) certain: bool,
    /// It names content that stays, and what holds it.
    pub(super) keep: bool,
    on: Box<[Name]>,
    not_on: Box<[Name]>,
    pub(crate) holds_any: Option<Box<Holds>>,
    pub(crate) holds_all: Box<[Holds]>,
    pub(crate) max_words: u32,
    pub(crate) max_links: u32,
    pub(crate) article_inside: bool,
    /// It is a selector of the user's: what it picks is not judged by what it holds.
    pub(crate) further: Option<Box<Further>>,
}

/// What an element must hold, at least one thing of it.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    pub(crate) email_input: bool,
    pub(crate) password_input: bool,
    pub(crate) textarea: bool,
    pub(crate) share_link: bool,
    pub(crate) control: bool,
    pub(crate) no_text: bool,
    pub(crate) no_profile_link: bool,
    pub(crate) off_topic: bool,
    pub(crate) text: Option<Stems>,
}

impl Rule {
    fn new(def: &RuleDef<'_>) -> Self {
        let names = |list: &[&str]| list.iter().map(|s| Name::new(s.as_bytes())).collect();
        Self {
            id: RuleId(def.id.into()),
            category: def.category,
            certain: def.certain,
            keep: def.keep,
            on: names(def.on),
            not_on: names(def.not_on),
            holds_any: (!def.holds_any.is_empty()).then(|| Box::new(Holds::new(def.holds_any))),
            holds_all: def.holds_all.iter().map(|e| Holds::new(std::slice::from_ref(e))).collect(),
            // What is of no category has no bound of one.
            max_words: def.max_words.or(guards().max_words.get(def.category.index()).copied()).unwrap_or(u32::MAX),
            max_links: def.max_links.unwrap_or(u32::MAX),
            article_inside: def.article_inside,
            further: None,
        }
    }

    /// A selector of the user's.
    fn of_user(id: RuleId, keep: bool, further: Further) -> Self {
        Self {
            id,
            category: Category::Custom,
            certain: true,
            keep,
            on: Box::default(),
            not_on: Box::default(),
            holds_any: None,
            holds_all: Box::default(),
            max_words: u32::MAX,
            max_links: u32::MAX,
            article_inside: true,
            further: Some(Box::new(further)),
        }
    }

    /// Whether its conditions on the tag name hold.
    pub(crate) fn allows(&self, name: Name) -> bool {
        (self.on.is_empty() || self.on.contains(&name)) && !self.not_on.contains(&name)
    }
}

impl Holds {
    fn new(evidence: &[&str]) -> Self {
        let stems: Vec<_> = evidence.iter().filter_map(|e| e.strip_prefix("text:")).collect();
        let has = |what: &str| evidence.contains(&what);
        Self {
            email_input: has("email-input"),
            password_input: has("password-input"),
            textarea: has("textarea"),
            share_link: has("share-link"),
            control: has("control"),
            no_text: has("no-text"),
            no_profile_link: has("no-profile-link"),
            off_topic: has("off-topic"),
            text: (!stems.is_empty()).then(|| Stems::new(&stems)),
        }
    }
}

/// Pieces of text to look for, ASCII case ignored. The search is built when it is first used: there are hundreds, and most
/// pages need a few.
#[derive(Debug)]
pub(crate) struct Stems {
    stems: Box<[Box<str>]>,
    search: OnceLock<AhoCorasick>,
}

impl Stems {
    pub(crate) fn new(stems: &[&str]) -> Self {
        Self { stems: stems.iter().map(|&stem| stem.into()).collect(), search: OnceLock::new() }
    }

    /// Whether any of them is in `text`.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.search.get_or_init(|| matcher(&self.stems.iter().map(|stem| &**stem).collect::<Vec<_>>())).is_match(text)
    }
}

/// Finds any of `patterns`, ASCII case ignored. A table of all states would be searched twice as fast, but making it takes
/// longer than most pages.
fn matcher(patterns: &[&str]) -> AhoCorasick {
    matcher_of(AhoCorasickKind::ContiguousNFA, patterns)
}

/// The same, of any bytes; there may be thousands.
fn byte_matcher(patterns: &[Box<[u8]>]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(patterns).expect("not billions")
}

fn matcher_of(kind: AhoCorasickKind, patterns: &[&str]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.kind(Some(kind)).ascii_case_insensitive(true).build(patterns).expect("a few short patterns")
}
