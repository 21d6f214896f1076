//! Which rules pick an element, by its start tag.
//!
//! Everything is looked up by hash, and attribute values are searched for all patterns at once: the cost does not depend on
//! how many rules there are. A page says the same classes over and over, and nearly all of them say nothing: what said nothing
//! once is remembered ([`Seen`]).

use std::hash::{BuildHasher, Hash, Hasher};

use aho_corasick::AhoCorasick;
use hashbrown::{DefaultHashBuilder, HashMap, HashSet};

use super::attributes::{AttributeTests, Tests};
use super::links::{LinkKind, LinkSigns};
use super::selector::matching::{Subject, decode};
use super::selector::{Complex, Operator, Simple};
use super::user::{Further, Sites, UserRules};
use super::words::Words;
use super::{Matcher, Rule, RuleDef, RuleId, built_in, guards};
use crate::Category;
use crate::tree::tag::{Name, Tag};

/// The place of a rule in [`Index`].
pub(crate) type RuleAt = u32;

/// The rules that picked an element, in the index's order: the user's first, then certain ones. More than a few say nothing new.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Picks {
    rules: [RuleAt; Picks::MOST],
    length: u8,
    /// A rule says that it is content: it stays, with everything around it.
    pub(crate) content: bool,
    /// The user says that it stays, with everything in it and around it.
    pub(crate) protected: bool,
    /// What its address tells, if it has one.
    pub(crate) link: LinkKind,
}

/// What is known of a page while elements of it are looked up.
#[derive(Debug)]
pub(crate) struct Lookup {
    seen: Seen,
    /// The site it is of, if that is known.
    host: Option<Box<str>>,
    /// Selectors that the start tag looked up last meets as far as it can tell: what is around it has the last word.
    pub(crate) unsure: Vec<RuleAt>,
    /// Selectors whose outermost part was met somewhere on the page: until then they can pick nothing.
    awake: HashSet<RuleAt>,
    /// Those of them that nothing else tells.
    roused: Vec<RuleAt>,
    /// What is around elements has to be known from here on.
    pub(crate) follows: bool,
}

impl Lookup {
    /// For a page of the site `host`, in lower case.
    pub(crate) fn new(index: &Index, host: Option<Box<str>>) -> Self {
        let (unsure, awake, roused) = (Vec::new(), HashSet::new(), Vec::new());
        Self { seen: Seen::new(), host, unsure, awake, roused, follows: index.follows }
    }
}

/// Classes and ids of a page that picked nothing, by their hashes. A later one takes the place of an earlier one.
#[derive(Debug)]
struct Seen {
    hashes: [u64; Seen::PLACES],
    builder: DefaultHashBuilder,
}

impl Seen {
    const PLACES: usize = 512;

    fn new() -> Self {
        Self { hashes: [0; Self::PLACES], builder: DefaultHashBuilder::default() }
    }

    /// The place of a value on an element, and its hash. The seed is another one in each process: nobody can make a page in
    /// which two values have the same.
    fn place(&self, name: Name, id: bool, value: &[u8]) -> (usize, u64) {
        let mut hasher = self.builder.build_hasher();
        (name, id).hash(&mut hasher);
        hasher.write(value);
        let hash = hasher.finish();
        (hash as usize % Self::PLACES, hash)
    }
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
    pub(crate) fn add(&mut self, rule: RuleAt) {
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
    /// Rules that ask for another name.
    tags: Tokens,
    attributes: HashMap<Box<[u8]>, AttributeTests>,
    /// For each first letter, the lengths of the names of attributes that are looked at, as bits.
    attribute_lengths: [u64; 32],
    /// Of `href`, whether or not the categories it speaks for are cut.
    links: Option<LinkSigns>,
    /// Rules and selectors that ask for no more than the name of an element of the standard, and selectors that don't even ask
    /// for that.
    elements: HashMap<Name, Places>,
    any: Places,
    /// Selectors by an attribute they ask for.
    asked: HashMap<Box<[u8]>, AskedAttribute>,
    /// Selectors by an id or a class of their outermost part.
    waking_ids: Tokens,
    waking_classes: Tokens,
    /// A selector asks for what is around an element; and for its place in there.
    around: bool,
    counts: bool,
    /// And it can't be told where it begins to matter.
    follows: bool,
}

/// What selectors ask of one attribute. What they find is put to the whole selector.
#[derive(Debug, Default)]
struct AskedAttribute {
    /// Selectors by what the value must hold, in the order of the patterns.
    values: Vec<RuleAt>,
    patterns: Option<AhoCorasick>,
    /// Those that a pattern does not tell.
    others: Places,
}

#[derive(Debug, Default)]
struct Word {
    number: u32,
    rules: Places,
    /// Tokens that start with it are not looked at.
    ignored: bool,
}

impl Index {
    const PREFIX_KEY: usize = 6;

    /// The rules of `user`, and the built-in ones of `categories`.
    pub(crate) fn new(categories: &[Category], user: &UserRules) -> Self {
        let mut index = Self::default();
        index.add_selectors(user);
        let mut tests = Tests::new();
        let names = |tags: &[&str]| tags.iter().map(|t| Name::new(t.as_bytes())).collect();
        index.wordless = names(guards().ignored_tags);
        index.anchors = names(guards().anchor_tags);
        for word in guards().ignored_first_words {
            index.word(word).ignored = true;
        }
        #[cfg(feature = "rules")]
        for file in &user.files {
            file.define(categories, |def| index.add(def, &mut tests));
        }
        // Certain rules first: they come first among the picks.
        let mut defs: Vec<&RuleDef<'_>> =
            built_in::RULES.iter().filter(|d| d.keep || categories.contains(&d.category)).collect();
        defs.sort_by_key(|d| !d.certain);
        for def in defs {
            index.add(def, &mut tests);
        }
        index.links = Some(LinkSigns::new(&tests.remove("href").unwrap_or_default(), &index.rules));
        let asked = index.asked.keys().map(|name| &**name);
        let names = ["class", "id", "href"].into_iter().chain(tests.keys().map(String::as_str)).map(str::as_bytes);
        for (letter, length) in names.chain(asked).map(shape).collect::<Vec<_>>() {
            index.attribute_lengths[letter] |= length;
        }
        for (name, tests) in tests {
            index.attributes.insert(key(&name), AttributeTests::new(&tests, &index.rules));
        }
        index
    }

    /// Adds a rule of a file.
    fn add(&mut self, def: &RuleDef<'_>, tests: &mut Tests) {
        let at = self.rules.len() as RuleAt;
        self.rules.push(Rule::new(def));
        for matcher in def.matchers {
            match *matcher {
                Matcher::Id(s) => self.ids.entry(key(s)).or_default().push(at),
                Matcher::Class(s) => self.classes.entry(key(s)).or_default().push(at),
                Matcher::IdPrefix(s) => add_prefix(&mut self.id_prefixes, s, at),
                Matcher::ClassPrefix(s) => add_prefix(&mut self.class_prefixes, s, at),
                Matcher::Word(s) => self.word(s).rules.push(at),
                Matcher::Pair(a, b) => self.add_pair(a, b, at),
                Matcher::Tag(s) => match Name::new(s.as_bytes()) {
                    Name { tag: Tag::Other, .. } => self.tags.entry(key(s)).or_default().push(at),
                    name => self.elements.entry(name).or_default().push(at),
                },
                Matcher::Attribute(name, test) => tests.entry_ref(name).or_default().push((test.into(), at)),
            }
        }
    }

    /// Adds the user's selectors: each is found by the one of its tests that few elements meet.
    fn add_selectors(&mut self, user: &UserRules) {
        let mut values: HashMap<Box<[u8]>, Vec<Box<[u8]>>> = HashMap::new();
        for rule in &user.selectors {
            for complex in rule.selector.list() {
                self.add_selector(&rule.id, rule.keep, complex, &Sites::default(), &mut values);
            }
        }
        #[cfg(feature = "rules")]
        super::FilterList::resolve(&user.lists, |id, selector, sites| {
            for complex in selector.list() {
                self.add_selector(id, false, complex, sites, &mut values);
            }
        });
        for (name, values) in values {
            let asked = self.asked.get_mut(&name).expect("it has come with its values");
            asked.patterns = Some(super::byte_matcher(&values));
        }
    }

    fn add_selector(
        &mut self,
        id: &RuleId,
        keep: bool,
        complex: &Complex,
        sites: &Sites,
        values: &mut HashMap<Box<[u8]>, Vec<Box<[u8]>>>,
    ) {
        let at = self.rules.len() as RuleAt;
        self.around |= complex.needs_tree();
        self.counts |= complex.counts();
        // What is counted is counted from the beginning.
        let outermost = complex.around.last().filter(|_| !complex.counts());
        let wakes = match outermost.and_then(|(_, compound)| compound.rarest()) {
            Some(Simple::Id(id)) => Some(self.waking_ids.entry(id.clone()).or_default()),
            Some(Simple::Class(class)) => Some(self.waking_classes.entry(class.clone()).or_default()),
            _ => None,
        };
        let sleeps = wakes.is_some();
        match wakes {
            Some(wakes) => wakes.push(at),
            None => self.follows |= complex.needs_tree(),
        }
        let subject = complex.subject.rarest();
        let keyless = !matches!(subject, Some(Simple::Id(_) | Simple::Class(_) | Simple::Attribute(..)));
        match subject {
            Some(Simple::Id(id)) => self.ids.entry(id.clone()).or_default().push(at),
            Some(Simple::Class(class)) => self.classes.entry(class.clone()).or_default().push(at),
            Some(Simple::Attribute(name, test)) => {
                let asked = self.asked.entry(name.clone()).or_default();
                if test.operator == Operator::Present || test.value.is_empty() {
                    asked.others.push(at);
                } else {
                    asked.values.push(at);
                    values.entry(name.clone()).or_default().push(test.value.clone());
                }
            }
            // It is looked at when it is awake.
            _ if sleeps => {}
            Some(Simple::Tag(name)) => self.elements.entry(*name).or_default().push(at),
            _ => self.any.push(at),
        }
        let further = Further { selector: complex.clone(), sites: sites.clone(), sleeps, keyless };
        self.rules.push(Rule::of_user(id.clone(), keep, further));
    }

    /// Whether a selector asks for what is around an element; and whether for its place in there.
    pub(crate) fn asks_around(&self) -> Option<bool> {
        self.around.then_some(self.counts)
    }

    pub(crate) fn rule(&self, at: RuleAt) -> &Rule {
        &self.rules[at as usize]
    }

    /// Whether a selector of the user's is among the picks: those come first.
    pub(crate) fn has_selector(&self, picks: &Picks) -> bool {
        picks.iter().next().is_some_and(|at| self.rule(at).further.is_some())
    }

    /// Whether a vendor's own mark is among the picks.
    pub(crate) fn has_certain(&self, picks: &Picks) -> bool {
        picks.iter().any(|at| self.rule(at).certain)
    }

    /// The rules that pick `element`, whose name is written `raw`, with these attributes. `page`: of the same page.
    pub(crate) fn pick<'a>(
        &self,
        element: &impl Subject,
        raw: &[u8],
        attributes: impl Iterator<Item = (&'a [u8], &'a [u8])>,
        page: &mut Lookup,
    ) -> Picks {
        let Lookup { seen, host, unsure, awake, roused, follows } = page;
        unsure.clear();
        let name = element.name();
        let mut found = Found {
            index: self,
            name,
            element,
            host: host.as_deref(),
            unsure,
            awake,
            roused,
            follows,
            picks: Picks::default(),
            nothing: true,
        };
        found.add_roused();
        if name.tag == Tag::Other && !self.tags.is_empty() {
            found.look_up(&self.tags, &raw.to_ascii_lowercase());
        }
        if !self.elements.is_empty()
            && let Some(places) = self.elements.get(&name)
        {
            found.add(places);
        }
        found.add(&self.any);
        for (attribute, value) in attributes {
            // Most attributes are none that rules ask for: that is seen by the first letter and the length.
            let (letter, length) = shape(attribute);
            if self.attribute_lengths[letter] & length == 0 {
                continue;
            }
            if attribute.eq_ignore_ascii_case(b"class") {
                found.look_up_new(value, false, seen, |found, seen| {
                    found.look_up_asked(attribute, value);
                    for token in value.split(u8::is_ascii_whitespace).filter(|t| !t.is_empty()) {
                        found.look_up_new(token, false, seen, |found, _| found.look_up_class(token));
                    }
                });
            } else if attribute.eq_ignore_ascii_case(b"id") {
                let token = value.trim_ascii();
                found.look_up_new(value, true, seen, |found, _| {
                    found.look_up_asked(attribute, value);
                    found.look_up_id(token);
                });
            } else if attribute.eq_ignore_ascii_case(b"href") {
                found.look_up_asked(attribute, value);
                found.look_up_link(value);
            } else {
                found.look_up_asked(attribute, value);
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
struct Found<'i, S> {
    index: &'i Index,
    name: Name,
    element: &'i S,
    host: Option<&'i str>,
    unsure: &'i mut Vec<RuleAt>,
    awake: &'i mut HashSet<RuleAt>,
    roused: &'i mut Vec<RuleAt>,
    follows: &'i mut bool,
    picks: Picks,
    /// No rule was found since this was set.
    nothing: bool,
}

impl<S: Subject> Found<'_, S> {
    fn add(&mut self, places: &[RuleAt]) {
        self.nothing &= places.is_empty();
        for &at in places {
            let rule = self.index.rule(at);
            if let Some(further) = &rule.further {
                self.add_of_user(at, further, rule.keep);
            } else if !rule.allows(self.name) {
            } else if rule.keep {
                self.picks.content = true;
            } else {
                self.picks.add(at);
            }
        }
    }

    /// Adds a selector, if the element meets it.
    fn add_of_user(&mut self, at: RuleAt, further: &Further, keep: bool) {
        let selector = &further.selector;
        if further.sleeps && !self.awake.contains(&at) {
            return;
        }
        let possible = selector.subject.counts() || selector.subject.matches(self.element);
        if !possible || !further.sites.allow(self.host) {
            return;
        }
        if selector.needs_tree() {
            self.unsure.push(at);
        } else if keep {
            self.picks.protected = true;
        } else {
            self.picks.add(at);
        }
    }

    /// Adds the selectors that are awake and that nothing else tells.
    fn add_roused(&mut self) {
        for at in 0..self.roused.len() {
            self.add(&[self.roused[at]]);
        }
    }

    /// Wakes the selectors whose outermost part asks for this class, or id.
    fn wake(&mut self, tokens: &Tokens, token: &[u8]) {
        let Some(places) = tokens.get(token) else { return };
        self.nothing = false;
        *self.follows = true;
        for &at in places {
            let keyless = self.index.rule(at).further.as_ref().is_some_and(|further| further.keyless);
            if self.awake.insert(at) && keyless {
                self.roused.push(at);
            }
        }
    }

    /// Looks up the selectors that ask for this attribute.
    fn look_up_asked(&mut self, attribute: &[u8], value: &[u8]) {
        let index = self.index;
        if index.asked.is_empty() {
            return;
        }
        let asked = match index.asked.get(attribute) {
            None if attribute.iter().any(u8::is_ascii_uppercase) => index.asked.get(&*attribute.to_ascii_lowercase()),
            asked => asked,
        };
        let Some(asked) = asked else { return };
        self.add(&asked.others);
        let Some(patterns) = &asked.patterns else { return };
        let value = decode(value);
        if patterns.is_match(&*value) {
            for found in patterns.find_overlapping_iter(&*value) {
                self.add(&[asked.values[found.pattern().as_usize()]]);
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

    /// Looks `value` up as `look` says, unless it is known to pick nothing on such an element. `id`: it is one, not a class.
    fn look_up_new(&mut self, value: &[u8], id: bool, seen: &mut Seen, look: impl FnOnce(&mut Self, &mut Seen)) {
        let (place, hash) = seen.place(self.name, id, value);
        if seen.hashes[place] == hash {
            return;
        }
        let before = std::mem::replace(&mut self.nothing, true);
        look(self, seen);
        if self.nothing {
            seen.hashes[place] = hash;
        }
        self.nothing &= before;
    }

    fn look_up_class(&mut self, token: &[u8]) {
        let index = self.index;
        if !index.waking_classes.is_empty() {
            self.wake(&index.waking_classes, token);
        }
        self.look_up(&index.classes, token);
        self.look_up_prefix(&index.class_prefixes, token);
        self.look_up_words(token, false);
    }

    fn look_up_id(&mut self, token: &[u8]) {
        let index = self.index;
        if !index.waking_ids.is_empty() {
            self.wake(&index.waking_ids, token);
        }
        self.look_up(&index.ids, token);
        self.look_up_prefix(&index.id_prefixes, token);
        if !index.anchors.contains(&self.name) {
            self.look_up_words(token, true);
        }
    }

    fn look_up_words(&mut self, token: &[u8], id: bool) {
        if self.index.wordless.contains(&self.name) {
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

    fn look_up_link(&mut self, href: &[u8]) {
        let Some(links) = &self.index.links else { return };
        self.add_at_start(&links.tests, href);
        for found in links.search(href) {
            match found.pattern().as_usize() {
                i if i < links.bounds.0 => self.add_match(&links.tests, href, found),
                i if i < links.bounds.1 => self.picks.link.share = true,
                i if i < links.bounds.2 => self.picks.link.network = true,
                _ => self.picks.link.topic = true,
            }
        }
    }

    fn look_up_attribute(&mut self, attribute: &[u8], value: &[u8]) {
        let mut lower = [0; 40];
        let Some(lower) = lower.get_mut(..attribute.len()) else { return };
        lower.copy_from_slice(attribute);
        lower.make_ascii_lowercase();
        let Some(tests) = self.index.attributes.get(&*lower) else { return };
        if !tests.on.is_empty() && !tests.on.contains(&self.name) {
            return;
        }
        self.add_at_start(tests, value);
        let Some(patterns) = tests.patterns.as_ref().filter(|p| p.is_match(value)) else { return };
        for found in patterns.find_overlapping_iter(value) {
            self.add_match(tests, value, found);
        }
    }

    /// Adds the rules that only ask for the attribute, or for what its value is or starts with.
    fn add_at_start(&mut self, tests: &AttributeTests, value: &[u8]) {
        self.add(&tests.present);
        for at in tests.at_start(value) {
            self.add(&[at]);
        }
    }

    /// Adds the rule of a pattern that was found, if it may stand there.
    fn add_match(&mut self, tests: &AttributeTests, value: &[u8], found: aho_corasick::Match) {
        let (position, at) = tests.tests[found.pattern().as_usize()];
        if position.allows(value, found.start(), found.end()) {
            self.add(&[at]);
        }
    }
}

/// What is alike in most names that are: the first letter in any case, and the length as a bit.
fn shape(name: &[u8]) -> (usize, u64) {
    (name.first().map_or(0, |c| usize::from(c & 31)), 1 << name.len().min(63))
}

fn key(s: &str) -> Box<[u8]> {
    s.as_bytes().into()
}

fn add_prefix(prefixes: &mut Prefixes, prefix: &str, at: RuleAt) {
    let start = *prefix.as_bytes().first_chunk().expect("the build checks the length");
    prefixes.entry(start).or_default().push((key(prefix), at));
}
