//! Rule files of the user's, in the format of the built-in ones; and those, as they were written.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::format::{self, File, Strength};
use super::{Matcher, RuleDef, RuleId, Test};
use crate::Category;
use crate::error::{Error, ErrorKind};

/// The texts of the built-in files, as `build.rs` lists them.
mod built_in {
    use crate::Category;

    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// A rule file: TOML in the format of the built-in rules, which `rules/README.md` in the sources of this crate describes.
///
/// Those are in a folder for each category, and [`RuleFile::built_in`] gives them; in a file of the user's the key `category` says it. Without it the rules are
/// [`Category::Custom`](crate::Category::Custom), and in force whatever categories are chosen. `source` and examples may be left out;
/// [`RuleFile::examples`] are there to be tried.
///
/// ```
/// use dechaff::{Cleaner, RuleFile};
///
/// let rules = RuleFile::parse(
///     "house",
///     r#"
///     vendor   = "Our own widgets"
///     strength = "certain"
///
///     [[rule]]
///     name  = "promo"
///     class = ["promo-box"]
///     "#,
/// )?;
/// let cleaner = Cleaner::builder().categories([]).rules(rules).build();
/// let (clean, report) = cleaner.clean(b"<p>Text</p><div class=promo-box>Buy!</div>")?;
/// assert_eq!(clean, b"<p>Text</p>");
/// assert_eq!(report.cuts[0].rule, "house/promo");
/// # Ok::<(), dechaff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RuleFile {
    name: Arc<str>,
    category: Category,
    file: Arc<File>,
    text: Arc<str>,
}

/// What a rule of a file is called, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileRule<'f> {
    /// Its id in reports: the names of the file and of the rule, as `onetrust/dialog`.
    pub id: RuleId,
    /// Its name in the file.
    pub name: &'f str,
    /// It names content that stays, with all that holds it (`[[keep]]`).
    pub keeps: bool,
}

/// A page that a rule file shows, and what is to become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleExample<'f> {
    /// What it shows.
    pub name: &'f str,
    /// The page.
    pub html: &'f str,
    /// What is to come out; the page itself, if it is to be kept.
    pub want: &'f str,
    /// It asks for 300 words of prose before it: readers' comments are cut only after some.
    pub prose: bool,
}

impl RuleFile {
    /// Reads a rule file from its text. `name` is what the [ids](crate::RuleId) of its rules begin with: `name/rule`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rules`] with what is wrong and, where it can be told, the line.
    pub fn parse(name: &str, toml: &str) -> Result<Self, Error> {
        let fail = |what: String| ErrorKind::Rules { name: name.to_owned(), what };
        let file: File = toml::from_str(toml)
            .map_err(|error| fail(at(toml, error.span().map(|span| span.start), error.message())))?;
        // Where names stand is only asked when something is wrong with one.
        let names = || toml::from_str::<Names>(toml).unwrap_or_default();
        file.check().map_err(|what| fail(at(toml, names().place(&what), what.trim_end())))?;
        let category = match &file.category {
            None => Category::Custom,
            Some(category) => category.parse().map_err(|error: Error| {
                let place = names().category.map(|name| name.span().start);
                fail(at(toml, place, &format!("category: {error}")))
            })?,
        };
        Ok(Self { name: name.into(), category, file: Arc::new(file), text: toml.into() })
    }

    /// The built-in files, by category and name. Each is read anew when its turn comes.
    ///
    /// They are in force by themselves: this is to look at them.
    ///
    /// ```
    /// use dechaff::RuleFile;
    ///
    /// let file = RuleFile::built_in().find(|file| file.name() == "onetrust").unwrap();
    /// assert_eq!(file.category().name(), "cookie-notice");
    /// assert!(file.is_certain() && file.source().starts_with("https://"));
    /// assert!(file.rules().any(|rule| rule.id == "onetrust/dialog"));
    /// assert!(file.text().contains("onetrust-consent-sdk"));
    /// ```
    pub fn built_in() -> impl Iterator<Item = Self> {
        built_in::FILES.iter().map(|&(name, category, text)| {
            let file = File::parse(text).expect("checked when the crate was built");
            Self { name: name.into(), category, file: Arc::new(file), text: text.into() }
        })
    }

    /// The name that the ids of its rules begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The category of its rules.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// Whose marks it knows, for people.
    #[must_use]
    pub fn vendor(&self) -> &str {
        &self.file.vendor
    }

    /// Where its marks come from; may be empty in a file of the user's.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.file.source
    }

    /// Whether its marks are a vendor's own, and not words that others use, too: `strength = "certain"`.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.file.strength == Strength::Certain
    }

    /// The file as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its rules, and then what it keeps, in their order.
    pub fn rules(&self) -> impl Iterator<Item = FileRule<'_>> {
        self.file.rules().map(|(rule, keeps)| FileRule {
            id: RuleId::new(&format!("{}/{}", self.name, rule.name)),
            name: &rule.name,
            keeps,
        })
    }

    /// The pages it shows.
    pub fn examples(&self) -> impl Iterator<Item = RuleExample<'_>> {
        self.file.example.iter().map(|example| RuleExample {
            name: &example.name,
            html: &example.html,
            want: example.want.as_deref().unwrap_or(&example.html),
            prose: example.prose,
        })
    }

    /// Gives its rules, if they are in force where these categories are cut.
    pub(super) fn define(&self, categories: &[Category], mut add: impl FnMut(&RuleDef<'_>)) {
        let chosen = self.category == Category::Custom || categories.contains(&self.category);
        for (rule, keep) in self.file.rules().filter(|(_, keep)| chosen || *keep) {
            add(&RuleDef {
                id: &format!("{}/{}", self.name, rule.name),
                category: self.category,
                certain: self.file.strength == Strength::Certain,
                keep,
                on: &borrow(&rule.on),
                not_on: &borrow(&rule.not_on),
                holds_any: &borrow(&rule.holds_any),
                holds_all: &borrow(&rule.holds_all),
                max_words: rule.max_words,
                max_links: rule.max_links,
                article_inside: rule.article_inside,
                matchers: &matchers(rule),
            });
        }
    }
}

/// Where names stand in a file: what is said of a rule goes by its name.
#[derive(Deserialize, Default)]
struct Names {
    category: Option<Spanned<String>>,
    #[serde(default)]
    rule: Vec<Named>,
    #[serde(default)]
    keep: Vec<Named>,
    #[serde(default)]
    example: Vec<Named>,
}

/// A rule or an example.
#[derive(Deserialize)]
struct Named {
    name: Spanned<String>,
}

impl Names {
    /// The byte at which the name stands that `what` begins or ends with in quotes. Of two rules with one name it is the second.
    fn place(&self, what: &str) -> Option<usize> {
        let rules = self.rule.iter().chain(&self.keep);
        let called = |lead: &str, named: &&Named| what.starts_with(&format!("{lead} '{}'", named.name.get_ref()));
        let found = match what.split(' ').next() {
            Some("rule") => rules.clone().find(|named| called("rule", named)),
            Some("keep") => self.keep.iter().find(|named| called("keep", named)),
            Some("example") => self.example.iter().find(|named| called("example", named)),
            Some("two") => rules.clone().filter(|named| called("two rules are named", named)).nth(1),
            _ => None,
        };
        found.map(|named| named.name.span().start)
    }
}

/// `what`, with the line of `toml` that has the byte at `place`.
fn at(toml: &str, place: Option<usize>, what: &str) -> String {
    let line = |place| 1 + toml.as_bytes()[..place].iter().filter(|byte| **byte == b'\n').count();
    place.map_or_else(|| what.to_owned(), |place| format!("line {}: {what}", line(place)))
}

fn borrow(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn matchers<'r>(rule: &'r format::Rule) -> Vec<Matcher<'r>> {
    let mut all = Vec::new();
    all.extend(rule.id.iter().map(|s| Matcher::Id(s)));
    all.extend(rule.id_prefix.iter().map(|s| Matcher::IdPrefix(s)));
    all.extend(rule.class.iter().map(|s| Matcher::Class(s)));
    all.extend(rule.class_prefix.iter().map(|s| Matcher::ClassPrefix(s)));
    all.extend(rule.word.iter().map(|s| Matcher::Word(s)));
    all.extend(rule.tag.iter().map(|s| Matcher::Tag(s)));
    all.extend(rule.role.iter().map(|s| Matcher::Attribute("role", Test::Equals(s))));
    for pair in &rule.pair {
        for a in &pair.of {
            all.extend(pair.with.iter().map(|b| Matcher::Pair(a, b)));
        }
    }
    for attr in &rule.attr {
        let before = all.len();
        let mut add = |list: &'r [String], test: fn(&'r str) -> Test<'r>| {
            all.extend(list.iter().map(|s| Matcher::Attribute(&attr.name, test(s))));
        };
        add(&attr.equals, Test::Equals);
        add(&attr.starts, Test::Starts);
        add(&attr.contains, Test::Contains);
        add(&attr.word, Test::Word);
        if all.len() == before {
            all.push(Matcher::Attribute(&attr.name, Test::Present));
        }
    }
    all
}
