//! The TOML model of a rule file, and the checks a file must pass. `build.rs` reads the built-in files with it.
//!
//! Knows no I/O. Every error names what is wrong and, where there is one, the rule.

use serde::{Deserialize, Deserializer};

/// A rule file.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    pub vendor: String,
    pub strength: Strength,
    /// Of a file of the user's: a built-in one lies in the folder of its category.
    pub category: Option<String>,
    /// Where the marks come from; every built-in file says it.
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub rule: Vec<Rule>,
    /// Marks of content that must stay, and with it whatever holds it.
    #[serde(default)]
    pub keep: Vec<Rule>,
    #[serde(default)]
    pub example: Vec<Example>,
}

/// How sure a mark is.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// A vendor's own mark.
    Certain,
    /// A word that others use too.
    Likely,
}

/// One rule: matchers, any of which picks an element, and conditions, all of which must hold.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    pub name: String,
    #[serde(default)]
    pub id: Vec<String>,
    #[serde(default)]
    pub id_prefix: Vec<String>,
    #[serde(default)]
    pub class: Vec<String>,
    #[serde(default)]
    pub class_prefix: Vec<String>,
    #[serde(default)]
    pub word: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub pair: Vec<Pair>,
    #[serde(default)]
    pub tag: Vec<String>,
    #[serde(default)]
    pub role: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub attr: Vec<Attr>,
    #[serde(default)]
    pub on: Vec<String>,
    #[serde(default)]
    pub not_on: Vec<String>,
    #[serde(default)]
    pub holds_any: Vec<String>,
    #[serde(default)]
    pub holds_all: Vec<String>,
    pub max_words: Option<u32>,
    pub max_links: Option<u32>,
    #[serde(default)]
    pub article_inside: bool,
}

/// `attr = { ... }` is short for `attr = [{ ... }]`.
fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize, Debug)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::Many(list) => list,
        OneOrMany::One(one) => vec![one],
    })
}

/// Two word lists whose members stand next to each other.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub of: Vec<String>,
    pub with: Vec<String>,
}

/// An attribute test.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Attr {
    pub name: String,
    #[serde(default)]
    pub equals: Vec<String>,
    #[serde(default)]
    pub starts: Vec<String>,
    #[serde(default)]
    pub contains: Vec<String>,
    #[serde(default)]
    pub word: Vec<String>,
}

/// A page, and what becomes of it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub name: String,
    pub html: String,
    pub want: Option<String>,
    #[serde(default)]
    pub keep: bool,
    /// Put 300 words of prose before it: comment threads are cut only after some.
    #[serde(default)]
    pub prose: bool,
}

/// `guards.toml`: what holds for every rule.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Guards {
    pub max_words: Vec<MaxWords>,
    pub topic: Vec<Topic>,
    pub ignore: Ignore,
    pub forum: Forum,
    /// Hosts of social networks: a link there that is no share button goes to a profile.
    pub networks: Vec<String>,
    pub topic_links: Vec<String>,
}

/// The bound on the text of an element, by category.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct MaxWords {
    pub category: String,
    pub words: u32,
}

/// Stems in a page's title or h1 that say: the page is about what this category cuts.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub category: String,
    pub stems: Vec<String>,
}

/// Tokens whose words are not looked at.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ignore {
    /// First words of state, icon and post classes.
    pub first_words: Vec<String>,
    /// Elements whose words are not looked at.
    pub tags: Vec<String>,
    /// Elements whose id is the target of links: its words are not looked at.
    pub anchor_tags: Vec<String>,
    /// An id of this many words is a slug made from a title.
    pub slug_words: u32,
}

/// What marks a forum page, where comments are the content.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forum {
    /// Strings in structured data.
    pub markers: Vec<String>,
    /// Strings in `meta name=generator`.
    pub generators: Vec<String>,
    /// Words of prose that must stand before a comment thread.
    pub prose_words: u32,
}

/// The shortest prefix a rule may use: short ones are the main source of false hits.
const SHORTEST_PREFIX: usize = 6;
/// What `holds-any` and `holds-all` know, besides `text:STEM`.
pub const EVIDENCE: [&str; 8] =
    ["email-input", "password-input", "textarea", "share-link", "control", "no-text", "no-profile-link", "off-topic"];

impl File {
    /// Reads a file and checks what one file by itself can show.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let file: Self = toml::from_str(toml).map_err(|e| e.to_string())?;
        file.check()?;
        Ok(file)
    }

    /// Checks what is asked of built-in files only.
    pub fn check_built_in(&self) -> Result<(), String> {
        if self.category.is_some() {
            return Err("category: the folder says it".into());
        }
        if !self.source.starts_with("http") {
            return Err("source: where the marks come from, as a URL".into());
        }
        if !self.example.iter().any(|e| e.keep) {
            return Err("no example with keep = true: show something that must stay".into());
        }
        if !self.example.iter().any(|e| e.want.is_some()) {
            return Err("no example with want: show what is cut".into());
        }
        Ok(())
    }

    /// Its rules, and then what it keeps, in their order; and which of the two it is.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, bool)> {
        self.rule.iter().map(|rule| (rule, false)).chain(self.keep.iter().map(|rule| (rule, true)))
    }

    /// Checks what one file by itself can show.
    pub fn check(&self) -> Result<(), String> {
        if self.rule.is_empty() && self.keep.is_empty() {
            return Err("no [[rule]]".into());
        }
        let mut names = Vec::new();
        for (rule, _) in self.rules() {
            rule.check().map_err(|e| format!("rule '{}': {e}", rule.name))?;
            if names.contains(&&rule.name) {
                return Err(format!("two rules are named '{}'", rule.name));
            }
            names.push(&rule.name);
        }
        for keep in &self.keep {
            if !keep.holds_any.is_empty()
                || !keep.holds_all.is_empty()
                || keep.max_words.is_some()
                || keep.max_links.is_some()
                || keep.article_inside
            {
                return Err(format!("keep '{}': only matchers, on and not-on", keep.name));
            }
        }
        for example in &self.example {
            if example.want.is_some() == example.keep {
                return Err(format!("example '{}': either want or keep = true", example.name));
            }
        }
        Ok(())
    }
}

impl Rule {
    fn check(&self) -> Result<(), String> {
        if self.matchers().is_empty() {
            return Err("no matcher".into());
        }
        for prefix in self.id_prefix.iter().chain(&self.class_prefix) {
            if prefix.len() < SHORTEST_PREFIX {
                return Err(format!("prefix '{prefix}' has under {SHORTEST_PREFIX} characters"));
            }
        }
        for evidence in self.holds_any.iter().chain(&self.holds_all) {
            if !EVIDENCE.contains(&evidence.as_str()) && !evidence.starts_with("text:") {
                return Err(format!("holds: '{evidence}' is none of {EVIDENCE:?} and no text:STEM"));
            }
        }
        let words = self.word.iter().chain(self.pair.iter().flat_map(|p| p.of.iter().chain(&p.with)));
        for word in words {
            if word.is_empty() || word.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_punctuation()) {
                return Err(format!("'{word}' is no lower-case word"));
            }
        }
        Ok(())
    }

    /// Every matcher as one line of text; equal lines are equal matchers.
    pub fn matchers(&self) -> Vec<String> {
        let mut all = Vec::new();
        let lists = [
            ("id", &self.id),
            ("id-prefix", &self.id_prefix),
            ("class", &self.class),
            ("class-prefix", &self.class_prefix),
            ("word", &self.word),
            ("tag", &self.tag),
            ("role", &self.role),
        ];
        for (kind, list) in lists {
            all.extend(list.iter().map(|s| format!("{kind} {s}")));
        }
        for pair in &self.pair {
            for a in &pair.of {
                all.extend(pair.with.iter().map(|b| format!("pair {a} {b}")));
            }
        }
        for attr in &self.attr {
            let tests = [
                ("equals", &attr.equals),
                ("starts", &attr.starts),
                ("contains", &attr.contains),
                ("word", &attr.word),
            ];
            let before = all.len();
            for (test, list) in tests {
                all.extend(list.iter().map(|s| format!("attr {} {test} {s}", attr.name)));
            }
            if all.len() == before {
                all.push(format!("attr {}", attr.name));
            }
        }
        all
    }
}
