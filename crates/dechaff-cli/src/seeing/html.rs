//! The report for browsers: one page of HTML with all that was cut and kept in its place.
//!
//! It comes out piece by piece: [`head`], a section for each page with [`write()`], and [`tail`] with the totals, which its style
//! sheet puts in front. Its policy lets nothing run or load but its own style and script; what pages say is text in it.

mod source;

use std::borrow::Cow;
use std::fmt::Write as _;

use data_encoding::BASE64;
use dechaff::{Category, Report};
use sha2::{Digest, Sha256};

use super::original::Text;
use super::tally::{Count, Group, Tally};
use super::{Excerpt, Excerpts, grouped, percent};
use crate::failure::{Failure, is_harmful};
use crate::report::Page;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// Of how many inputs pages are shown whole.
const FEW: usize = 20;

/// How long a page is at most to be shown whole, in bytes.
const SHORT: usize = 1_000_000;

/// How much of a page is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// All of it, if it is not too long.
    Whole,
    /// What is around the elements that rules picked.
    Around,
}

impl Extent {
    /// How much there is room for with so many inputs.
    pub(crate) const fn of(inputs: usize) -> Self {
        if inputs <= FEW { Self::Whole } else { Self::Around }
    }
}

/// What comes before all pages.
pub(crate) fn head() -> String {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'sha256-{style}'; \
         script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=referrer content=no-referrer>\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=generator content=\"dechaff {}\">\n<title>What went - dechaff</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=skip href=#filters>Totals and filters</a>\n<main>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// Adds the section of one page to `out`.
pub(crate) fn write(
    out: &mut Vec<u8>,
    page: Page<'_>,
    text: &Text<'_>,
    report: &Report,
    excerpts: &Excerpts,
    extent: Extent,
) {
    let picked = Picked::all(report, excerpts);
    let mut html = String::from("<section class=page>\n<header>\n<h2>");
    let _ = write!(html, "<bdi>{}</bdi>", escape(page.input));
    if let Some(record) = page.record {
        let kind = if page.field.is_some() { "line" } else { "record" };
        let _ = write!(html, " <span>{kind} {}</span>", grouped(record));
    }
    if let Some(field) = page.field {
        let _ = write!(html, " <span>{}</span>", escape(field));
    }
    html.push_str("</h2>\n");
    if let Some(url) = page.url {
        let _ = writeln!(html, "<p class=url><bdi>{}</bdi></p>", escape(url));
    }
    let (cuts, kept) = (report.cuts.len() as u64, report.declines.len() as u64);
    let _ = writeln!(
        html,
        "<p class=facts><span><b>{}</b> cut</span> <span><b>{}</b> kept</span> <span>{} → {} bytes, {} cut</span> \
         <span>{} ({})</span></p>",
        grouped(cuts),
        grouped(kept),
        grouped(report.bytes_in),
        grouped(report.bytes_out),
        percent(report.bytes_cut(), report.bytes_in),
        report.encoding.name,
        report.encoding.evidence
    );
    if let Some(stop) = &report.stop {
        let offset = grouped(stop.offset);
        let _ = writeln!(html, "<p class=stop>From byte {offset} on nothing is cut: <b>{}</b></p>", stop.reason);
    }
    map(&mut html, report);
    html.push_str("</header>\n");
    list(&mut html, &picked);
    let whole = extent == Extent::Whole && page.record.is_none() && text.bytes.len() <= SHORT;
    if whole || !picked.is_empty() {
        let (open, title) = match (picked.is_empty(), whole) {
            (true, _) => ("", "The page"),
            (_, true) => (" open", "The page"),
            (_, false) => (" open", "Around the elements"),
        };
        let _ = write!(html, "<details class=source{open}><summary>{title}</summary>\n<div class=text>");
        source::write(&mut html, text, &picked, whole);
        html.push_str("</div>\n</details>\n");
    }
    html.push_str("</section>\n");
    out.extend_from_slice(html.as_bytes());
}

/// What could not be cleaned, and why. No filter hides it.
pub(crate) fn failure(failure: &Failure) -> Vec<u8> {
    let text = failure.text();
    format!("<section class=\"page failed\">\n<p class=stop>{}</p>\n</section>\n", escape(text.trim_end())).into_bytes()
}

/// What comes after all pages: the totals, with a filter for each category and rule.
pub(crate) fn tail(tally: &Tally) -> Vec<u8> {
    let total = tally.total();
    let mut html =
        String::from("</main>\n<aside id=filters tabindex=-1 aria-label=\"Totals and filters\">\n<h1>What went</h1>\n");
    let out = tally.bytes_in - tally.bytes_out;
    let _ = writeln!(
        html,
        "<dl class=totals><div><dt>elements cut</dt><dd>{}</dd></div><div><dt>elements kept</dt><dd>{}</dd></div>\
         <div><dt>of the bytes cut</dt><dd>{}</dd></div><div><dt>words cut</dt><dd>{}</dd></div></dl>",
        grouped(total.cuts),
        grouped(total.kept),
        percent(out, tally.bytes_in),
        grouped(total.words)
    );
    let plural = if tally.pages == 1 { "page" } else { "pages" };
    let (pages, before, after) = (grouped(tally.pages), grouped(tally.bytes_in), grouped(tally.bytes_out));
    let _ = writeln!(html, "<p class=facts>{pages} {plural}, {before} → {after} bytes</p>");
    html.push_str(
        "<fieldset class=views><legend>Show</legend>\
         <label><input type=radio name=view id=as-text checked> Text</label>\
         <label><input type=radio name=view id=as-markup> Markup</label></fieldset>\n\
         <fieldset class=views><legend>Elements</legend>\
         <label><input type=checkbox data-hide=cut checked> Cut</label>\
         <label><input type=checkbox data-hide=kept checked> Kept</label>\
         <label><input type=checkbox id=empty checked> Pages without any</label></fieldset>\n\
         <fieldset class=rules><legend>Categories and rules</legend>\n",
    );
    html.push_str("<p class=columns><span>cut</span> <span>kept</span></p>\n");
    for Group { category, total, rules } in tally.groups() {
        let (name, bytes) = (category.name(), grouped(total.bytes));
        let _ = writeln!(
            html,
            "<div class=\"category {name}\"><label><input type=checkbox data-hide=\"{name}\" checked> \
             <span class=name>{name} <small>{bytes} bytes</small></span> {}</label>",
            numbers(total)
        );
        let plural = if rules.len() == 1 { "rule" } else { "rules" };
        let open = if rules.len() <= 8 { " open" } else { "" };
        let _ = writeln!(html, "<details{open}><summary>{} {plural}</summary>", rules.len());
        for (rule, count) in rules {
            let rule = escape(rule);
            let _ = writeln!(
                html,
                "<label><input type=checkbox data-hide=\"{name}:{rule}\" checked> <span class=name>{rule}</span> {}</label>",
                numbers(count)
            );
        }
        html.push_str("</details></div>\n");
    }
    html.push_str(
        "</fieldset>\n<p class=keys><kbd>n</kbd> next element <kbd>p</kbd> previous <kbd>m</kbd> text or markup</p>\n",
    );
    let version = env!("CARGO_PKG_VERSION");
    let _ =
        writeln!(html, "<p class=keys>dechaff {version}</p>\n</aside>\n<output id=about aria-live=polite></output>");
    let _ = write!(html, "<script>{SCRIPT}</script>\n</body>\n</html>\n");
    html.into_bytes()
}

/// The two numbers of a filter.
fn numbers(count: Count) -> String {
    let number = |number| match number {
        0 => "<span class=count>·</span>".to_owned(),
        number => format!("<span class=count>{}</span>", grouped(number)),
    };
    number(count.cuts) + &number(count.kept)
}

/// An element that a rule picked.
struct Picked<'a> {
    /// It was kept, and why.
    reason: Option<&'static str>,
    category: Category,
    rule: &'a str,
    tag: &'a str,
    start: u64,
    end: u64,
    excerpt: Option<&'a Excerpt>,
}

impl<'a> Picked<'a> {
    /// All of them, in the order of the page, the outer ones first.
    fn all(report: &'a Report, excerpts: &'a Excerpts) -> Vec<Self> {
        let cuts = report.cuts.iter().zip(&excerpts.cuts).map(|(c, excerpt)| Self {
            reason: None,
            category: c.category,
            rule: &c.rule,
            tag: &c.tag,
            start: c.range.start,
            end: c.range.end,
            excerpt: excerpt.as_ref(),
        });
        let declines = report.declines.iter().zip(&excerpts.declines).map(|(d, excerpt)| Self {
            reason: Some(d.reason.name()),
            category: d.category,
            rule: &d.rule,
            tag: &d.tag,
            start: d.range.start,
            end: d.range.end,
            excerpt: excerpt.as_ref(),
        });
        let mut all: Vec<_> = declines.chain(cuts).collect();
        all.sort_by_key(|picked| (picked.start, std::cmp::Reverse(picked.end)));
        all
    }

    /// The attributes that filters, labels and the script go by. `number` tells it from the others of the page.
    fn attributes(&self, number: usize) -> String {
        let (kind, why) = match self.reason {
            None => ("cut", String::new()),
            Some(reason) => ("kept", format!(" data-why=\"{reason}\"")),
        };
        format!(
            "class=\"{kind} {0}\" data-kind={kind} data-category=\"{0}\" data-rule=\"{1}\" data-tag=\"{2}\" data-bytes=\"{3}–{4}\"{why} data-n={number}",
            self.category.name(),
            escape(self.rule),
            escape(self.tag),
            grouped(self.start),
            grouped(self.end),
        )
    }
}

/// A strip that shows where in the page the cuts lie.
fn map(html: &mut String, report: &Report) {
    if report.cuts.is_empty() {
        return;
    }
    // Of a thousand.
    let place = |offset: u64| u128::from(offset) * 1000 / u128::from(report.bytes_in.max(1));
    html.push_str("<svg class=map viewBox=\"0 0 1000 10\" preserveAspectRatio=none role=img aria-label=\"Where the cuts lie in the page\">");
    for cut in &report.cuts {
        let (start, end) = (place(cut.range.start), place(cut.range.end));
        let (name, width) = (cut.category.name(), (end - start).max(3));
        let _ = write!(
            html,
            "<rect class=\"{name}\" data-category=\"{name}\" data-kind=cut data-rule=\"{}\" x={start} width={width} height=10 />",
            escape(&cut.rule)
        );
    }
    html.push_str("</svg>\n");
}

/// A table of the elements.
fn list(html: &mut String, picked: &[Picked<'_>]) {
    if picked.is_empty() {
        return;
    }
    html.push_str("<details class=list open><summary>Elements</summary>\n<table>\n<thead><tr><th>Element<th>Rule<th>Bytes<th>Text</tr></thead>\n");
    for (number, each) in picked.iter().enumerate() {
        let verb = match each.reason {
            None => "cut".to_owned(),
            Some(reason) => format!("kept: {reason}"),
        };
        let excerpt = match each.excerpt {
            Some(Excerpt { words, tag }) if words.is_empty() => format!("<code>{}</code>", escape(tag)),
            Some(Excerpt { words, .. }) => format!("<bdi>{}</bdi>", escape(words)),
            None => String::new(),
        };
        let _ = writeln!(
            html,
            "<tr {}><td><button type=button>&lt;{}&gt; {verb}</button><td>{}<td class=bytes>{}–{}<td>{excerpt}</tr>",
            each.attributes(number),
            escape(each.tag),
            escape(each.rule),
            grouped(each.start),
            grouped(each.end)
        );
    }
    html.push_str("</table>\n</details>\n");
}

/// `text` as the content of an element or a quoted attribute. What would turn the direction of writing or can't be seen is
/// spelled out.
fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || is_harmful(c) && !matches!(c, '\n' | '\t');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // That of a line that ends with two characters.
            '\r' => {}
            c if special(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
