//! Rules that ask for an attribute, and for what its value must be.

use aho_corasick::AhoCorasick;
use hashbrown::HashMap;

use super::index::RuleAt;
use super::{Rule, Test};
use crate::tree::tag::Name;

/// The tests of one attribute.
#[derive(Debug, Default)]
pub(super) struct AttributeTests {
    /// Only these elements are picked by it; empty if any may be.
    pub(super) on: Vec<Name>,
    pub(super) present: Vec<RuleAt>,
    /// What its value must be, or start with.
    pub(super) starts: Vec<(Box<[u8]>, Position, RuleAt)>,
    /// Finds what its value may hold anywhere.
    pub(super) patterns: Option<AhoCorasick>,
    pub(super) tests: Vec<(Position, RuleAt)>,
}

/// The tests of attributes, by name: where in the value a pattern must stand, if there is one.
pub(super) type Tests = HashMap<String, Vec<(OwnTest, RuleAt)>>;
pub(super) type OwnTest = (Option<Position>, Box<str>);

impl From<Test<'_>> for OwnTest {
    fn from(test: Test<'_>) -> Self {
        let (position, pattern) = match test {
            Test::Present => (None, ""),
            Test::Equals(s) => (Some(Position::Whole), s),
            Test::Starts(s) => (Some(Position::Start), s),
            Test::Contains(s) => (Some(Position::Anywhere), s),
            Test::Word(s) => (Some(Position::Word), s),
        };
        (position, pattern.into())
    }
}

/// Where in the value a pattern must stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Position {
    Whole,
    Start,
    Anywhere,
    Word,
}

impl AttributeTests {
    pub(super) fn new(list: &[(OwnTest, RuleAt)], rules: &[Rule]) -> Self {
        let (mut tests, patterns) = Self::read(list, rules);
        tests.patterns = (!patterns.is_empty()).then(|| super::matcher(&patterns));
        tests
    }

    /// The tests, and the patterns of those that look anywhere, in the same order.
    pub(super) fn read<'t>(list: &'t [(OwnTest, RuleAt)], rules: &[Rule]) -> (Self, Vec<&'t str>) {
        let mut tests = Self::default();
        let mut patterns = Vec::new();
        let anywhere = list.iter().any(|&(_, at)| rules[at as usize].on.is_empty());
        if !anywhere {
            tests.on = list.iter().flat_map(|&(_, at)| rules[at as usize].on.iter().copied()).collect();
        }
        for ((position, pattern), at) in list {
            match position {
                None => tests.present.push(*at),
                Some(position @ (Position::Whole | Position::Start)) => {
                    tests.starts.push((pattern.as_bytes().into(), *position, *at));
                }
                Some(position) => {
                    patterns.push(&**pattern);
                    tests.tests.push((*position, *at));
                }
            }
        }
        (tests, patterns)
    }

    /// The rules whose pattern `value` is, or starts with.
    pub(super) fn at_start<'a>(&'a self, value: &'a [u8]) -> impl Iterator<Item = RuleAt> + 'a {
        self.starts.iter().filter_map(|(pattern, position, at)| {
            let start = value.get(..pattern.len())?;
            let fits = start.eq_ignore_ascii_case(pattern) && position.allows(value, 0, pattern.len());
            fits.then_some(*at)
        })
    }
}

impl Position {
    pub(super) fn allows(self, value: &[u8], start: usize, end: usize) -> bool {
        let word = |c: Option<&u8>| c.is_some_and(|c| c.is_ascii_alphanumeric() || *c >= 0x80);
        match self {
            Self::Whole => start == 0 && end == value.len(),
            Self::Start => start == 0,
            Self::Anywhere => true,
            Self::Word => !word(start.checked_sub(1).and_then(|i| value.get(i))) && !word(value.get(end)),
        }
    }
}
