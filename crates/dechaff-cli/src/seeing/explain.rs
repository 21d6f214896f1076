//! A line for each decision, for people: `page.html: cut cookie-notice onetrust/banner <div> 13-71 "We value your privacy"`.

use std::fmt::Write as _;
use std::ops::Range;

use dechaff::{Category, Report};

use super::{Excerpt, Excerpts};
use crate::color::{BOLD, CYAN, DIM, RED, YELLOW, paint};
use crate::failure::harmless;
use crate::report::Page;

/// Adds the lines of one page to `lines`, in the order of the page. Nothing of the page gets into them that a terminal would
/// act on.
pub(crate) fn write(lines: &mut Vec<u8>, page: Page<'_>, report: &Report, excerpts: &Excerpts, color: bool) {
    let name = paint(&harmless(&page.label()), BOLD, color);
    let line = |verb: &str, element: Element<'_>, reason: Option<&str>| {
        let Element { category, rule, tag, range, excerpt } = element;
        let category = paint(category.name(), CYAN, color);
        let reason =
            reason.map(|reason| format!(" {}", paint(&format!("({reason})"), YELLOW, color))).unwrap_or_default();
        let excerpt = match excerpt {
            Some(Excerpt { words, tag }) if words.is_empty() => format!(" {}", harmless(tag)),
            Some(Excerpt { words, .. }) => format!(" \"{}\"", harmless(words)),
            None => String::new(),
        };
        let (rule, tag, excerpt) = (harmless(rule), harmless(tag), paint(&excerpt, DIM, color));
        format!("{name}: {verb} {category} {rule} <{tag}> {}-{}{reason}{excerpt}\n", range.start, range.end)
    };
    let cut = paint("cut", RED, color);
    let cuts = report.cuts.iter().zip(&excerpts.cuts).map(|(c, excerpt)| {
        let element =
            Element { category: c.category, rule: &c.rule, tag: &c.tag, range: &c.range, excerpt: excerpt.as_ref() };
        (c.range.start, line(&cut, element, None))
    });
    let kept = paint("kept", YELLOW, color);
    let declines = report.declines.iter().zip(&excerpts.declines).map(|(d, excerpt)| {
        let element =
            Element { category: d.category, rule: &d.rule, tag: &d.tag, range: &d.range, excerpt: excerpt.as_ref() };
        (d.range.start, line(&kept, element, Some(d.reason.name())))
    });
    let mut all: Vec<_> = declines.chain(cuts).collect();
    all.sort_by_key(|(start, _)| *start);
    let mut text: String = all.into_iter().map(|(_, line)| line).collect();
    if let Some(stop) = &report.stop {
        let verb = paint("stopped", YELLOW, color);
        let _ = writeln!(text, "{name}: {verb} at {} ({}): nothing is cut after that", stop.offset, stop.reason);
    }
    lines.extend_from_slice(text.as_bytes());
}

/// What a rule picked.
struct Element<'a> {
    category: Category,
    rule: &'a str,
    tag: &'a str,
    range: &'a Range<u64>,
    excerpt: Option<&'a Excerpt>,
}
