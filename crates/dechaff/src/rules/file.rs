//! Rule files of the user's, in the format of the built-in ones.

use std::sync::Arc;

use super::format::{self, File, Strength};
use super::{Matcher, RuleDef, Test};
use crate::Category;
use crate::error::{Error, ErrorKind};

/// A rule file of the user's: TOML in the format of the [built-in rules](https://github.com/dechaff/dechaff/blob/main/crates/dechaff/rules/README.md).
///
/// Those are in a folder for each category; here the key `category` says it. Without it the rules are
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
        let fail = |what: String| ErrorKind::Rules { name: name.to_owned(), what: what.trim_end().to_owned() };
        let file = File::parse(toml).map_err(fail)?;
        let category = match &file.category {
            None => Category::Custom,
            Some(category) => category.parse().map_err(|e: Error| fail(format!("category: {e}")))?,
        };
        Ok(Self { name: name.into(), category, file: Arc::new(file) })
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
        let rules = self.file.rule.iter().filter(|_| chosen).map(|rule| (rule, false));
        for (rule, keep) in rules.chain(self.file.keep.iter().map(|rule| (rule, true))) {
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
