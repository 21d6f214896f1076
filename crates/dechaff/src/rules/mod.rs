//! The rules: data compiled in from `rules/*.toml`, and what is built from them for one [`Cleaner`](crate::Cleaner).

pub(crate) mod index;
pub(crate) mod words;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::Category;
use crate::tree::tag::Name;

/// A rule of a file, as `build.rs` writes it.
pub(super) struct RuleDef {
    pub(super) id: &'static str,
    pub(super) category: Category,
    pub(super) certain: bool,
    pub(super) keep: bool,
    pub(super) on: &'static [&'static str],
    pub(super) not_on: &'static [&'static str],
    pub(super) holds_any: &'static [&'static str],
    pub(super) holds_all: &'static [&'static str],
    pub(super) max_words: Option<u32>,
    pub(super) max_links: Option<u32>,
    pub(super) article_inside: bool,
    pub(super) matchers: &'static [Matcher],
}

/// One way to pick an element by its start tag.
pub(super) enum Matcher {
    Id(&'static str),
    IdPrefix(&'static str),
    Class(&'static str),
    ClassPrefix(&'static str),
    Word(&'static str),
    Pair(&'static str, &'static str),
    Tag(&'static str),
    Attribute(&'static str, Test),
}

/// What an attribute's value must be; ASCII case is ignored.
pub(super) enum Test {
    Present,
    Equals(&'static str),
    Starts(&'static str),
    Contains(&'static str),
    Word(&'static str),
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
    on: Vec<Name>,
    not_on: Vec<Name>,
    pub(crate) holds_any: Option<Holds>,
    pub(crate) holds_all: Vec<Holds>,
    pub(crate) max_words: u32,
    pub(crate) max_links: u32,
    pub(crate) article_inside: bool,
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
    fn new(def: &RuleDef) -> Self {
        let names = |list: &[&str]| list.iter().map(|s| Name::new(s.as_bytes())).collect();
        Self {
            id: RuleId(def.id.into()),
            category: def.category,
            certain: def.certain,
            keep: def.keep,
            on: names(def.on),
            not_on: names(def.not_on),
            holds_any: (!def.holds_any.is_empty()).then(|| Holds::new(def.holds_any)),
            holds_all: def.holds_all.iter().map(|e| Holds::new(std::slice::from_ref(e))).collect(),
            max_words: def.max_words.unwrap_or(guards().max_words[def.category.index()]),
            max_links: def.max_links.unwrap_or(u32::MAX),
            article_inside: def.article_inside,
        }
    }

    /// Whether its conditions on the tag name hold.
    pub(crate) fn allows(&self, name: Name) -> bool {
        (self.on.is_empty() || self.on.contains(&name)) && !self.not_on.contains(&name)
    }
}

impl Holds {
    fn new(evidence: &'static [&'static str]) -> Self {
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
            text: (!stems.is_empty()).then(|| Stems::new(stems)),
        }
    }
}

/// Pieces of text to look for, ASCII case ignored. The search is built when it is first used: there are hundreds, and most
/// pages need a few.
#[derive(Debug)]
pub(crate) struct Stems {
    stems: Vec<&'static str>,
    search: OnceLock<AhoCorasick>,
}

impl Stems {
    pub(crate) fn new(stems: Vec<&'static str>) -> Self {
        Self { stems, search: OnceLock::new() }
    }

    /// Whether any of them is in `text`.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.search.get_or_init(|| matcher(&self.stems)).is_match(text)
    }
}

/// Finds any of `patterns`, ASCII case ignored. A table of all states would be searched twice as fast, but making it takes
/// longer than most pages.
fn matcher(patterns: &[&str]) -> AhoCorasick {
    matcher_of(AhoCorasickKind::ContiguousNFA, patterns)
}

fn matcher_of(kind: AhoCorasickKind, patterns: &[&str]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.kind(Some(kind)).ascii_case_insensitive(true).build(patterns).expect("a few short patterns")
}
