//! Which rules pick an element, by its start tag.
//!
//! Everything is looked up by hash, and attribute values are searched for all patterns at once: the cost does not depend on
//! how many rules there are.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use hashbrown::HashMap;

use super::words::Words;
use super::{Matcher, Rule, RuleDef, Test, built_in, guards};
use crate::Category;
use crate::tree::tag::{Name, Tag};

/// The place of a rule in [`Index`].
pub(crate) type RuleAt = u16;

/// The rules that picked an element, in the index's order: certain ones first. More than a few say nothing new.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Picks {
    rules: [RuleAt; Picks::MOST],
    length: u8,
    /// A rule says that it is content: it stays, with everything around it.
    pub(crate) content: bool,
}

impl Picks {
    const MOST: usize = 4;

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = RuleAt> + '_ {
        self.rules[..self.length as usize].iter().copied()
    }

    /// Adds a rule, in order; the last ones fall out.
    fn add(&mut self, rule: RuleAt) {
        let length = self.length as usize;
        let Err(at) = self.rules[..length].binary_search(&rule) else { return };
        if at == Self::MOST {
            return;
        }
        let moved = length.min(Self::MOST - 1);
        self.rules.copy_within(at..moved, at + 1);
        self.rules[at] = rule;
        self.length = moved as u8 + 1;
    }
}

type Places = Vec<RuleAt>;
type Tokens = HashMap<Box<[u8]>, Places>;
/// Prefixes by their first bytes.
type Prefixes = HashMap<[u8; Index::PREFIX_KEY], Vec<(Box<[u8]>, RuleAt)>>;

/// The rules of the chosen categories.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rules: Vec<Rule>,
    ids: Tokens,
    classes: Tokens,
    id_prefixes: Prefixes,
    class_prefixes: Prefixes,
    /// Every word that some rule knows, numbered.
    words: HashMap<Box<[u8]>, Word>,
    pairs: HashMap<(u32, u32), Places>,
    /// Elements whose words say nothing: icons, and what a page is made of.
    wordless: Vec<Name>,
    /// Elements whose id is the target of links.
    anchors: Vec<Name>,
    tags: Tokens,
    attributes: HashMap<Box<[u8]>, AttributeTests>,
    /// Finds what a link's address tells, whether or not the categories it speaks for are cut.
    links: Option<LinkSigns>,
}

#[derive(Debug, Default)]
struct Word {
    number: u32,
    rules: Places,
    /// Tokens that start with it are not looked at.
    ignored: bool,
}

/// The tests of one attribute.
#[derive(Debug, Default)]
struct AttributeTests {
    present: Places,
    patterns: Option<AhoCorasick>,
    tests: Vec<(Position, RuleAt)>,
}

/// Where in the value a pattern must stand.
#[derive(Clone, Copy, Debug)]
enum Position {
    Whole,
    Start,
    Anywhere,
    Word,
}

impl Index {
    const PREFIX_KEY: usize = 6;

    /// The built-in rules of `categories`.
    pub(crate) fn new(categories: &[Category]) -> Self {
        let mut index = Self::default();
        let mut tests: HashMap<&str, Vec<(&Test, RuleAt)>> = HashMap::new();
        let names = |tags: &[&str]| tags.iter().map(|t| Name::new(t.as_bytes())).collect();
        index.wordless = names(guards().ignored_tags);
        index.anchors = names(guards().anchor_tags);
        for word in guards().ignored_first_words {
            index.word(word).ignored = true;
        }
        // Certain rules first: they come first among the picks.
        let mut defs: Vec<&RuleDef> =
            built_in::RULES.iter().filter(|d| d.keep || categories.contains(&d.category)).collect();
        defs.sort_by_key(|d| !d.certain);
        for def in defs {
            let at = index.rules.len() as RuleAt;
            index.rules.push(Rule::new(def));
            for matcher in def.matchers {
                match matcher {
                    Matcher::Id(s) => index.ids.entry(key(s)).or_default().push(at),
                    Matcher::Class(s) => index.classes.entry(key(s)).or_default().push(at),
                    Matcher::IdPrefix(s) => add_prefix(&mut index.id_prefixes, s, at),
                    Matcher::ClassPrefix(s) => add_prefix(&mut index.class_prefixes, s, at),
                    Matcher::Word(s) => index.word(s).rules.push(at),
                    Matcher::Pair(a, b) => index.add_pair(a, b, at),
                    Matcher::Tag(s) => index.tags.entry(key(s)).or_default().push(at),
                    Matcher::Attribute(name, test) => tests.entry(name).or_default().push((test, at)),
                }
            }
        }
        for (name, tests) in tests {
            index.attributes.insert(key(name), AttributeTests::new(&tests));
        }
        index.links = Some(LinkSigns::new());
        index
    }

    pub(crate) fn rule(&self, at: RuleAt) -> &Rule {
        &self.rules[at as usize]
    }

    /// Whether a vendor's own mark is among the picks.
    pub(crate) fn has_certain(&self, picks: &Picks) -> bool {
        picks.iter().any(|at| self.rule(at).certain)
    }

    /// What the address of a link tells.
    pub(crate) fn read_link(&self, href: &[u8]) -> LinkKind {
        self.links.as_ref().map_or(LinkKind::default(), |links| links.read(href))
    }

    /// The rules that pick the element `name` (written `raw`) with these attributes.
    pub(crate) fn pick<'a>(
        &self,
        name: Name,
        raw: &[u8],
        attributes: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Picks {
        let mut found = Found { index: self, name, picks: Picks::default(), wordless: false };
        found.wordless = self.wordless.contains(&name);
        if name.tag == Tag::Other && !self.tags.is_empty() {
            found.look_up(&self.tags, &raw.to_ascii_lowercase());
        }
        for (attribute, value) in attributes {
            if attribute.eq_ignore_ascii_case(b"class") {
                for token in value.split(u8::is_ascii_whitespace).filter(|t| !t.is_empty()) {
                    found.look_up(&self.classes, token);
                    found.look_up_prefix(&self.class_prefixes, token);
                    found.look_up_words(token, false);
                }
            } else if attribute.eq_ignore_ascii_case(b"id") {
                let token = value.trim_ascii();
                found.look_up(&self.ids, token);
                found.look_up_prefix(&self.id_prefixes, token);
                if !self.anchors.contains(&name) {
                    found.look_up_words(token, true);
                }
            } else {
                found.look_up_attribute(attribute, value);
            }
        }
        found.picks
    }

    fn word(&mut self, word: &str) -> &mut Word {
        let number = self.words.len() as u32;
        self.words.entry(key(word)).or_insert_with(|| Word { number, ..Word::default() })
    }

    /// Next to each other in either order, or written as one.
    fn add_pair(&mut self, a: &str, b: &str, at: RuleAt) {
        let (first, second) = (self.word(a).number, self.word(b).number);
        self.pairs.entry((first, second)).or_default().push(at);
        self.word(&format!("{a}{b}")).rules.push(at);
        if first != second {
            self.pairs.entry((second, first)).or_default().push(at);
            self.word(&format!("{b}{a}")).rules.push(at);
        }
    }
}

/// A look-up under way.
struct Found<'i> {
    index: &'i Index,
    name: Name,
    picks: Picks,
    wordless: bool,
}

impl Found<'_> {
    fn add(&mut self, places: &[RuleAt]) {
        for &at in places {
            let rule = self.index.rule(at);
            if !rule.allows(self.name) {
                continue;
            }
            if rule.keep {
                self.picks.content = true;
            } else {
                self.picks.add(at);
            }
        }
    }

    fn look_up(&mut self, tokens: &Tokens, token: &[u8]) {
        if let Some(places) = tokens.get(token) {
            self.add(places);
        }
    }

    fn look_up_prefix(&mut self, prefixes: &Prefixes, token: &[u8]) {
        let Some(start) = token.first_chunk() else { return };
        let Some(list) = prefixes.get(start) else { return };
        for (prefix, at) in list {
            if token.starts_with(prefix) {
                self.add(&[*at]);
            }
        }
    }

    fn look_up_words(&mut self, token: &[u8], id: bool) {
        if self.wordless {
            return;
        }
        let words = Words::split(token);
        if id && words.len() >= guards().slug_words as usize {
            return;
        }
        let mut before = None;
        for (i, word) in words.iter().enumerate() {
            let known = self.index.words.get(word);
            if i == 0 && words.len() > 1 && known.is_some_and(|w| w.ignored) {
                return;
            }
            if let Some(word) = known {
                self.add(&word.rules);
                if let Some(before) = before
                    && let Some(places) = self.index.pairs.get(&(before, word.number))
                {
                    self.add(places);
                }
            }
            before = known.map(|w| w.number);
        }
    }

    fn look_up_attribute(&mut self, attribute: &[u8], value: &[u8]) {
        let mut lower = [0; 40];
        let Some(lower) = lower.get_mut(..attribute.len()) else { return };
        lower.copy_from_slice(attribute);
        lower.make_ascii_lowercase();
        let Some(tests) = self.index.attributes.get(&*lower) else { return };
        self.add(&tests.present);
        let Some(patterns) = &tests.patterns else { return };
        for found in patterns.find_overlapping_iter(value) {
            let (position, at) = tests.tests[found.pattern().as_usize()];
            if position.allows(value, found.start(), found.end()) {
                self.add(&[at]);
            }
        }
    }
}

impl AttributeTests {
    fn new(list: &[(&Test, RuleAt)]) -> Self {
        let mut tests = Self::default();
        let mut patterns = Vec::new();
        for &(test, at) in list {
            let (position, pattern) = match test {
                Test::Present => {
                    tests.present.push(at);
                    continue;
                }
                Test::Equals(s) => (Position::Whole, s),
                Test::Starts(s) => (Position::Start, s),
                Test::Contains(s) => (Position::Anywhere, s),
                Test::Word(s) => (Position::Word, s),
            };
            patterns.push(*pattern);
            tests.tests.push((position, at));
        }
        tests.patterns = (!patterns.is_empty()).then(|| super::matcher(&patterns));
        tests
    }
}

impl Position {
    fn allows(self, value: &[u8], start: usize, end: usize) -> bool {
        let word = |c: Option<&u8>| c.is_some_and(|c| c.is_ascii_alphanumeric() || *c >= 0x80);
        match self {
            Self::Whole => start == 0 && end == value.len(),
            Self::Start => start == 0,
            Self::Anywhere => true,
            Self::Word => !word(start.checked_sub(1).and_then(|i| value.get(i))) && !word(value.get(end)),
        }
    }
}

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

/// Finds all of that in one pass.
#[derive(Debug)]
struct LinkSigns {
    search: AhoCorasick,
    /// How many patterns are of the first kind, and of the first two.
    bounds: (usize, usize),
}

impl LinkSigns {
    fn new() -> Self {
        let mut patterns = share_endpoints();
        let first = patterns.len();
        patterns.extend(guards().networks);
        let second = patterns.len();
        patterns.extend(guards().topic_links);
        // Every link of a page is looked at: a table is worth its size here.
        let search = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(true)
            .build(&patterns)
            .expect("a few short patterns");
        Self { search, bounds: (first, second) }
    }

    fn read(&self, href: &[u8]) -> LinkKind {
        let mut kind = LinkKind::default();
        for found in self.search.find_overlapping_iter(href) {
            match found.pattern().as_usize() {
                i if i < self.bounds.0 => kind.share = true,
                i if i < self.bounds.1 => kind.network = true,
                _ => kind.topic = true,
            }
        }
        kind
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

fn key(s: &str) -> Box<[u8]> {
    s.as_bytes().into()
}

fn add_prefix(prefixes: &mut Prefixes, prefix: &str, at: RuleAt) {
    let start = *prefix.as_bytes().first_chunk().expect("the build checks the length");
    prefixes.entry(start).or_default().push((key(prefix), at));
}
