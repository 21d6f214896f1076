//! Rules that the user brings, besides those of files: selectors, on some sites or on all.

use super::RuleId;
use super::selector::{Complex, Selector};

/// What the user wants removed and kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserRules {
    pub(crate) selectors: Vec<UserSelector>,
    #[cfg(feature = "rules")]
    pub(crate) files: Vec<super::RuleFile>,
    #[cfg(feature = "rules")]
    pub(crate) lists: Vec<super::FilterList>,
}

impl UserRules {
    /// Keeps what the selector picks, or else removes it.
    pub(crate) fn add_selector(&mut self, selector: Selector, keep: bool) {
        let id = RuleId::new(&format!("{}/{selector}", if keep { "keep" } else { "remove" }));
        self.selectors.push(UserSelector { id, selector, keep });
    }
}

/// A selector, on all sites, and what becomes of what it picks.
#[derive(Clone, Debug)]
pub(crate) struct UserSelector {
    pub(crate) id: RuleId,
    pub(crate) selector: Selector,
    /// It is kept, or else removed.
    pub(crate) keep: bool,
}

/// What a rule asks of an element beyond what the index found it by.
#[derive(Debug)]
pub(crate) struct Further {
    pub(crate) selector: Complex,
    pub(crate) sites: Sites,
    /// It can pick nothing before its outermost part was met.
    pub(crate) sleeps: bool,
    /// The element itself need have no id, class or other attribute.
    pub(crate) keyless: bool,
}

/// The sites a rule is for, by their domains: those with all that is below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sites {
    /// All, if empty.
    pub(crate) only: Vec<Box<str>>,
    pub(crate) never: Vec<Box<str>>,
}

impl Sites {
    /// Whether the rule is for pages of `host`, which is in lower case; of some pages it is not known. Where several domains of
    /// the rule fit, the longest one decides.
    pub(crate) fn allow(&self, host: Option<&str>) -> bool {
        if self.only.is_empty() && self.never.is_empty() {
            return true;
        }
        let Some(host) = host else { return self.only.is_empty() };
        let longest = |domains: &[Box<str>]| domains.iter().filter(|d| is_below(host, d)).map(|d| d.len()).max();
        match (longest(&self.only), longest(&self.never)) {
            (None, never) => self.only.is_empty() && never.is_none(),
            (only, never) => only > never,
        }
    }
}

/// Whether `host` is `domain` or one below it. `name.*` stands for that name under any public suffix.
fn is_below(host: &str, domain: &str) -> bool {
    if let Some(name) = domain.strip_suffix(".*") {
        let labels = |rest: &str| rest.starts_with('.') && rest.bytes().filter(|b| *b == b'.').count() <= 2;
        return host.match_indices(name).any(|(at, _)| begins_label(host, at) && labels(&host[at + name.len()..]));
    }
    host.len() >= domain.len() && host.ends_with(domain) && begins_label(host, host.len() - domain.len())
}

fn begins_label(host: &str, at: usize) -> bool {
    at == 0 || host.as_bytes()[at - 1] == b'.'
}

/// The host of an address, in lower case: `https://user@News.example:80/a` has `news.example`.
pub(crate) fn host_of(url: &str) -> Option<Box<str>> {
    let after = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//")).unwrap_or(url);
    let authority = after.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // An address in brackets has colons of its own.
    let port = host.find(']').map_or(0, |end| end + 1);
    let host = host[port..].find(':').map_or(host, |colon| &host[..port + colon]);
    let host = host.trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_ascii_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites(only: &[&str], never: &[&str]) -> Sites {
        let list = |names: &[&str]| names.iter().map(|&name| name.into()).collect();
        Sites { only: list(only), never: list(never) }
    }

    #[test]
    fn the_longest_domain_decides() {
        for (only, never, host, want) in [
            (&[][..], &[][..], None, true),
            (&["a.example"], &[], None, false),
            (&[], &["a.example"], None, true),
            (&["a.example"], &[], Some("a.example"), true),
            (&["a.example"], &[], Some("www.a.example"), true),
            (&["a.example"], &[], Some("aa.example"), false),
            (&["a.example"], &["b.a.example"], Some("b.a.example"), false),
            (&["c.b.a.example"], &["b.a.example"], Some("c.b.a.example"), true),
            (&[], &["a.example"], Some("www.a.example"), false),
            (&[], &["a.example"], Some("b.example"), true),
            (&["shop.*"], &[], Some("www.shop.co.uk"), true),
            (&["shop.*"], &[], Some("shop.example"), true),
            (&["shop.*"], &[], Some("workshop.example"), false),
        ] {
            assert_eq!(sites(only, never).allow(host), want, "{only:?} {never:?} {host:?}");
        }
    }

    #[test]
    fn hosts_are_found_in_addresses() {
        for (url, want) in [
            ("https://user@News.example:80/a?b=c://d", Some("news.example")),
            ("//news.example", Some("news.example")),
            ("news.example/a", Some("news.example")),
            ("http://[::1]:80/", Some("[::1]")),
            ("http://news.example.", Some("news.example")),
            ("", None),
            ("/a/b", None),
        ] {
            assert_eq!(host_of(url).as_deref(), want, "{url}");
        }
    }
}
