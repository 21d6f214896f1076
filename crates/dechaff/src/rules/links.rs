//! What the address of a link tells: what rules ask of it, and where it leads.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::attributes::{AttributeTests, OwnTest};
use super::index::RuleAt;
use super::{Matcher, Rule, Test, built_in, guards};
use crate::Category;

/// What a link's address tells.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LinkKind {
    /// It is a share endpoint.
    pub(crate) share: bool,
    /// It is at a social network.
    pub(crate) network: bool,
    /// It names what a text is about.
    pub(crate) topic: bool,
}

/// Finds all of that, and what rules ask of an address, in one pass.
#[derive(Debug)]
pub(super) struct LinkSigns {
    patterns: Vec<Box<str>>,
    /// Searches for them.
    few: AhoCorasick,
    /// The same as a table: twice as fast, but making it takes as long as thousands of searches.
    many: OnceLock<AhoCorasick>,
    searched: AtomicU32,
    pub(super) tests: AttributeTests,
    /// How many patterns are of rules, how many of those and share endpoints, and of those and networks.
    pub(super) bounds: (usize, usize, usize),
}

impl LinkSigns {
    /// Searches after which there are likely to be many more.
    const MANY: u32 = 10_000;

    pub(super) fn new(tests: &[(OwnTest, RuleAt)], rules: &[Rule]) -> Self {
        let (tests, mut patterns) = AttributeTests::read(tests, rules);
        let first = patterns.len();
        patterns.extend(share_endpoints());
        let second = patterns.len();
        patterns.extend(guards().networks);
        let third = patterns.len();
        patterns.extend(guards().topic_links);
        let few = super::matcher(&patterns);
        let patterns = patterns.into_iter().map(Box::from).collect();
        let (many, searched) = (OnceLock::new(), AtomicU32::new(0));
        Self { patterns, few, many, searched, tests, bounds: (first, second, third) }
    }

    fn automaton(&self) -> &AhoCorasick {
        if let Some(table) = self.many.get() {
            return table;
        }
        if self.searched.fetch_add(1, Relaxed) < Self::MANY {
            return &self.few;
        }
        let patterns = || self.patterns.iter().map(|p| &**p).collect::<Vec<_>>();
        self.many.get_or_init(|| super::matcher_of(AhoCorasickKind::DFA, &patterns()))
    }

    /// All patterns in `href`. To see that there are none takes half as long as to look for all.
    pub(super) fn search<'a>(&'a self, href: &'a [u8]) -> impl Iterator<Item = aho_corasick::Match> + 'a {
        let automaton = self.automaton();
        automaton.is_match(href).then(|| automaton.find_overlapping_iter(href)).into_iter().flatten()
    }
}

/// The `href` patterns of all share rules.
fn share_endpoints() -> Vec<&'static str> {
    let mut patterns = Vec::new();
    for def in built_in::RULES.iter().filter(|d| d.category == Category::ShareWidget) {
        for matcher in def.matchers {
            if let Matcher::Attribute("href", Test::Contains(s) | Test::Starts(s)) = matcher {
                patterns.push(*s);
            }
        }
    }
    patterns
}
