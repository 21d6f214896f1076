//! Filter lists, as ad blockers use them: of what they hold, the rules that hide elements.

use std::sync::Arc;

use hashbrown::HashMap;

use super::RuleId;
use super::selector::Selector;
use super::user::Sites;
use crate::error::{Error, ErrorKind};

/// The cosmetic rules of a filter list in the syntax of Adblock Plus and uBlock Origin.
///
/// `##.ad` removes elements on all sites, `news.example,~www.news.example##.ad` on some, and `news.example#@#.ad` takes that back
/// there. Rules for some sites need to know the page's address: [`PageCleaner::url`](crate::PageCleaner::url). A name that ends in `.*`
/// stands for all top-level domains.
///
/// What is made for a browser (network rules, scriptlets, style rules, procedural selectors) is passed over and
/// [counted](FilterList::skipped).
///
/// ```
/// use dechaff::{Cleaner, FilterList};
///
/// let list = FilterList::parse("mine", "! my list\n##.promo\nnews.example#@#.promo\n||ads.example^\n")?;
/// assert_eq!(list.len(), 1);
/// assert_eq!(list.skipped().network, 1);
///
/// let cleaner = Cleaner::builder().categories([]).filter_list(list).build();
/// let page = b"<p>Text</p><p class=promo>Buy!</p>";
/// assert_eq!(cleaner.clean(page)?.0, b"<p>Text</p>");
/// assert_eq!(cleaner.page().url("https://news.example/").clean(page)?.0, page);
/// # Ok::<(), dechaff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FilterList {
    name: Arc<str>,
    rules: Arc<[(Selector, Sites)]>,
    exceptions: Arc<[(Selector, Vec<Box<str>>)]>,
    skipped: SkippedFilters,
}

/// How many lines of a filter list were passed over, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedFilters {
    /// Rules on requests: dechaff makes none.
    pub network: usize,
    /// Scriptlets, style rules and the like, and selectors that only a script could follow (`#?#`, `:has-text()`).
    pub procedural: usize,
    /// Selectors that are not supported, or no CSS.
    pub selectors: usize,
    /// The first of those, as the error says.
    pub first_selector: Option<String>,
}

impl FilterList {
    /// Reads a list from its text. `name` is what the [ids](crate::RuleId) of its rules begin with: `name/##.promo`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rules`] if the text is HTML: what servers send where there is no list.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{FEFF}');
        if text.trim_start().starts_with('<') {
            let what = "it is HTML, and no filter list".to_owned();
            return Err(ErrorKind::Rules { name: name.to_owned(), what }.into());
        }
        let (mut rules, mut exceptions, mut skipped) = (Vec::new(), Vec::new(), SkippedFilters::default());
        for line in text.lines().map(str::trim) {
            match Line::read(line) {
                Line::Comment => {}
                Line::Network => skipped.network += 1,
                Line::Procedural => skipped.procedural += 1,
                Line::Hide { domains, exception, selector } => match selector.parse::<Selector>() {
                    Err(_) if is_procedural(selector) => skipped.procedural += 1,
                    Err(error) => {
                        skipped.selectors += 1;
                        skipped.first_selector.get_or_insert_with(|| error.to_string());
                    }
                    Ok(selector) if exception => exceptions.push((selector, sites(domains).only)),
                    Ok(selector) => rules.push((selector, sites(domains))),
                },
            }
        }
        Ok(Self { name: name.into(), rules: rules.into(), exceptions: exceptions.into(), skipped })
    }

    /// The name that the ids of its rules begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rules it has that remove elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What was passed over.
    #[must_use]
    pub fn skipped(&self) -> &SkippedFilters {
        &self.skipped
    }

    /// Gives the rules of all lists, with what their exceptions leave of them: one list may take back what another says.
    pub(super) fn resolve(lists: &[Self], mut add: impl FnMut(&RuleId, &Selector, &Sites)) {
        let mut exceptions: HashMap<&str, Vec<&[Box<str>]>> = HashMap::new();
        for (selector, domains) in lists.iter().flat_map(|list| list.exceptions.iter()) {
            exceptions.entry(selector.as_str()).or_default().push(domains);
        }
        for list in lists {
            for (selector, sites) in list.rules.iter() {
                let id = RuleId::new(&format!("{}/##{selector}", list.name));
                let Some(taken_back) = exceptions.get(selector.as_str()) else {
                    add(&id, selector, sites);
                    continue;
                };
                // On no site in particular: on all.
                if taken_back.iter().all(|domains| !domains.is_empty()) {
                    let mut sites = sites.clone();
                    sites.never.extend(taken_back.iter().flat_map(|domains| domains.iter().cloned()));
                    add(&id, selector, &sites);
                }
            }
        }
    }
}

/// A line of a list.
enum Line<'l> {
    Comment,
    Network,
    /// Something that only a browser can follow.
    Procedural,
    Hide {
        domains: &'l str,
        exception: bool,
        selector: &'l str,
    },
}

impl<'l> Line<'l> {
    fn read(line: &'l str) -> Self {
        let header = line.starts_with('[') && line.ends_with(']') && !line.contains('#');
        if line.is_empty() || line.starts_with('!') || header {
            return Self::Comment;
        }
        let Some((domains, separator, rest)) = split(line) else {
            // A comment of a hosts file, or a rule on requests.
            return if line.starts_with("# ") || line == "#" { Self::Comment } else { Self::Network };
        };
        match separator {
            // `##+js(...)` runs a script, `##^...` filters the response, `##a {...}` styles.
            _ if rest.starts_with("+js(") || rest.starts_with("script:inject(") || rest.starts_with('^') => {
                Self::Procedural
            }
            _ if rest.ends_with('}') => Self::Procedural,
            "##" => Self::Hide { domains, exception: false, selector: rest },
            "#@#" => Self::Hide { domains, exception: true, selector: rest },
            _ => Self::Procedural,
        }
    }
}

/// The domains, the separator and what comes after it.
fn split(line: &str) -> Option<(&str, &str, &str)> {
    for (start, _) in line.match_indices('#') {
        let inner = line[start + 1..].find(|c: char| !matches!(c, '@' | '?' | '$' | '%'))?;
        let end = start + 1 + inner;
        if line[end..].starts_with('#') {
            return Some((&line[..start], &line[start..=end], line[end + 1..].trim()));
        }
    }
    None
}

fn sites(domains: &str) -> Sites {
    let mut sites = Sites::default();
    for domain in domains.split(',').map(str::trim).filter(|domain| !domain.is_empty() && *domain != "*") {
        let lower = domain.to_lowercase();
        match lower.strip_prefix('~') {
            Some(never) => sites.never.push(never.into()),
            None => sites.only.push(lower.into()),
        }
    }
    sites
}

/// Whether the selector has what only extensions know.
fn is_procedural(selector: &str) -> bool {
    const OPERATORS: [&str; 15] = [
        ":-abp-",
        ":has-text(",
        ":matches-css",
        ":matches-attr(",
        ":matches-path(",
        ":matches-media(",
        ":matches-prop(",
        ":min-text-length(",
        ":nth-ancestor(",
        ":others(",
        ":remove",
        ":style(",
        ":upward(",
        ":watch-attr(",
        ":xpath(",
    ];
    OPERATORS.iter().any(|operator| selector.contains(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        let list = FilterList::parse(
            "list",
            "[Adblock Plus 2.0]\n! Title: x\n\n||ads.example^$third-party\n@@||ok.example^\n##.a\n\
             a.example,~b.a.example##.b > .c\na.example#@#.a\na.example#?#p:has-text(x)\n##p:has-text(x)\n\
             a.example##+js(set, x)\na.example#$#body { overflow: auto }\n##p:hover\n##.d:style(top: 0)\n/ad[0-9]#x/\n",
        )
        .unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(list.exceptions.len(), 1);
        let SkippedFilters { network, procedural, selectors, first_selector } = list.skipped();
        assert_eq!((*network, *procedural, *selectors), (3, 5, 1));
        assert_eq!(first_selector.as_deref(), Some("selector 'p:hover': ':hover' is not supported"));
        let names = |list: &[Box<str>]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (_, sites) = &list.rules[1];
        assert_eq!(
            (names(&sites.only), names(&sites.never)),
            (vec!["a.example".to_owned()], vec!["b.a.example".to_owned()])
        );
    }

    #[test]
    fn a_page_is_no_list() {
        let error = FilterList::parse("list", "\n<!doctype html><title>404</title>").unwrap_err();
        assert_eq!(error.to_string(), "list: it is HTML, and no filter list");
    }

    #[test]
    fn one_list_takes_back_what_another_says() {
        let one = FilterList::parse("one", "##.a\n##.b\nx.example##.c").unwrap();
        let other = FilterList::parse("other", "#@#.a\ny.example#@#.b\nx.example#@#.c").unwrap();
        let mut left = Vec::new();
        FilterList::resolve(&[one, other], |id, _, sites| left.push((id.to_string(), sites.clone())));
        assert_eq!(left.len(), 2);
        assert_eq!(left[0].0, "one/##.b");
        assert!(left[0].1.allow(Some("x.example")) && !left[0].1.allow(Some("www.y.example")));
        assert!(!left[1].1.allow(Some("x.example")));
    }
}
