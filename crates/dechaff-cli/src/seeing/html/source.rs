//! A page in the report, as its text and as its markup at once: the style sheet hides one of them.
//!
//! Tags and comments are `<i>`, which is hidden in the text; those that begin a line there are `<i class=b>` around one. A
//! character reference is written twice, in an `<i>` as it is written and in an `<s>` as it is read. What was cut is a `<del>`,
//! what was kept a `<mark>`.

use std::fmt::Write as _;
use std::ops::Range;

use super::super::grouped;
use super::super::markup::{Gap, Kind, gap, pieces};
use super::super::original::Text;
use super::{Picked, escape};

/// How much is shown around an element where not all is, in bytes.
const AROUND: usize = 1_500;

/// How much of its beginning is shown, in bytes.
const BEGINNING: usize = 6_000;

/// Adds the page in `text` with the `picked` elements marked: all of it, or what is around them.
pub(super) fn write(html: &mut String, text: &Text<'_>, picked: &[Picked<'_>], whole: bool) {
    let places: Vec<_> = picked.iter().map(|each| text.place(each.start)..text.place(each.end)).collect();
    let windows = match whole {
        true => std::iter::once(0..text.text.len()).collect(),
        false => windows(&text.text, picked, &places),
    };
    let mut page = Page { html, text: &text.text, picked, places: &places, next: 0, open: Vec::new(), look: "" };
    let (mut windows, mut shown) = (windows.into_iter().peekable(), 0);
    for piece in pieces(&text.text) {
        let Range { mut start, end } = piece.range;
        while start < end {
            page.move_to(start);
            while windows.next_if(|window| window.end <= start).is_some() {}
            // Up to where something begins or ends.
            let stop = page.stop().min(end);
            let window = windows.peek().map_or(text.text.len()..text.text.len(), Clone::clone);
            if window.start > start {
                // Beyond the windows nothing has to be told but where elements begin and end.
                start = stop.min(window.start);
                continue;
            }
            let stop = stop.min(window.end);
            page.gap(start - shown.min(start));
            page.piece(piece.kind, start..stop);
            (start, shown) = (stop, stop);
        }
    }
    page.move_to(text.text.len());
    page.gap(text.text.len() - shown);
    let open = page.open.len();
    (0..open).for_each(|_| page.close());
    if (text.text.len() as u64) < picked.iter().map(|each| each.end).max().unwrap_or_default() && whole {
        page.html.push_str("<b class=gap>the rest was not kept in memory</b>");
    }
}

/// What is shown: the surroundings of where elements begin and end, and their beginnings. In order, apart from each other,
/// with whole characters.
fn windows(text: &str, picked: &[Picked<'_>], places: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut windows = Vec::with_capacity(places.len() * 2);
    for (each, place) in picked.iter().zip(places) {
        let start = place.start.saturating_sub(AROUND);
        if each.reason.is_some() {
            windows.push(start..place.start + AROUND);
        } else if place.len() <= BEGINNING + AROUND {
            windows.push(start..place.end + AROUND);
        } else {
            windows.push(start..place.start + BEGINNING);
            windows.push(place.end - AROUND..place.end + AROUND);
        }
    }
    windows.sort_by_key(|window| window.start);
    let mut all: Vec<Range<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        let boundary =
            |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let window = boundary(window.start)..boundary(window.end);
        match all.last_mut().filter(|last| window.start <= last.end) {
            Some(last) => last.end = last.end.max(window.end),
            None => all.push(window),
        }
    }
    all
}

struct Page<'p> {
    html: &'p mut String,
    text: &'p str,
    picked: &'p [Picked<'p>],
    places: &'p [Range<usize>],
    /// The first element that has not begun.
    next: usize,
    /// Those that have begun and not ended, the outer ones first.
    open: Vec<usize>,
    /// What the text is wrapped in.
    look: &'static str,
}

impl Page<'_> {
    /// Where the next element begins or an open one ends.
    fn stop(&self) -> usize {
        let start = self.places.get(self.next).map_or(usize::MAX, |place| place.start);
        self.open.iter().map(|open| self.places[*open].end).fold(start, usize::min)
    }

    /// Ends and begins what ends and begins at `at`. Elements may overlap, where it was decided early that one stays: those
    /// inside it end with it, and begin again.
    fn move_to(&mut self, at: usize) {
        if let Some(first) = self.open.iter().position(|open| self.places[*open].end <= at) {
            let inner = self.open[first..].to_vec();
            inner.iter().for_each(|_| self.close());
            let rest = inner.into_iter().filter(|open| self.places[*open].end > at);
            rest.for_each(|open| self.begin(open, true));
        }
        while self.places.get(self.next).is_some_and(|place| place.start <= at && at < self.text.len()) {
            let next = self.next;
            self.next += 1;
            if self.places[next].end > at {
                self.begin(next, false);
            }
        }
    }

    fn begin(&mut self, number: usize, again: bool) {
        let each = &self.picked[number];
        let name = if each.reason.is_some() { "mark" } else { "del" };
        let attributes = each.attributes(number);
        let shape = if gap(each.tag) == Gap::Line { " data-block" } else { "" };
        let more = if again { " data-again" } else { " tabindex=0" };
        let _ = write!(self.html, "<{name} {attributes}{shape}{more}>");
        self.open.push(number);
    }

    fn close(&mut self) {
        if let Some(number) = self.open.pop() {
            self.html.push_str(if self.picked[number].reason.is_some() { "</mark>" } else { "</del>" });
        }
    }

    /// Says that something is left out.
    fn gap(&mut self, length: usize) {
        if length > 0 {
            let _ = write!(self.html, "<b class=gap>{} bytes not shown</b>", grouped(length as u64));
        }
    }

    fn piece(&mut self, kind: Kind, range: Range<usize>) {
        let text = &self.text[range];
        if let Kind::Tag(Gap::Line) = kind {
            self.look = look(text).unwrap_or(self.look);
        }
        let html = &mut *self.html;
        let _ = match kind {
            Kind::Text if self.look.is_empty() => return self.words(text),
            Kind::Text => {
                let look = self.look;
                let _ = write!(self.html, "<{look}>");
                self.words(text);
                write!(self.html, "</{look}>")
            }
            Kind::Hidden | Kind::Tag(Gap::None) => write!(html, "<i>{}</i>", escape(text)),
            Kind::Tag(Gap::Space) => write!(html, "<i>{}</i><s> </s>", escape(text)),
            Kind::Tag(Gap::Line) => write!(html, "<i class=b><i>{}</i></i>", escape(text)),
        };
    }

    /// Writes text. The browser knows what a reference stands for.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.html.push_str(&escape(&rest[..at]));
            rest = &rest[at..];
            let length = reference(rest);
            if length == 0 {
                self.html.push_str("&amp;");
                rest = &rest[1..];
            } else {
                let (reference, after) = rest.split_at(length);
                let _ = write!(self.html, "<i>{}</i><s>{reference}</s>", escape(reference));
                rest = after;
            }
        }
        self.html.push_str(&escape(rest));
    }
}

/// What text is wrapped in from a `tag` on, if that is another thing than before: headings and preformatted text are told
/// from the rest.
fn look(tag: &str) -> Option<&'static str> {
    let end = tag.starts_with("</");
    let name = tag.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let look = match name.as_bytes() {
        [b'h' | b'H', b'1'..=b'6'] => "strong",
        name if name.eq_ignore_ascii_case(b"pre") => "code",
        _ => return None,
    };
    Some(if end { "" } else { look })
}

/// How long the character reference is that `text` begins with, or 0 if it is none. It may stand for anything, but is text in
/// any case.
fn reference(text: &str) -> usize {
    let end = text.bytes().take(40).position(|byte| byte == b';').unwrap_or_default();
    let Some(name) = text.get(1..end).filter(|name| !name.is_empty()) else { return 0 };
    let known = match name.strip_prefix('#') {
        None => name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        },
    };
    if known { end + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::super::super::Excerpts;
    use super::*;

    fn shown(page: &str, report: &dechaff::Report, whole: bool) -> String {
        let text = Text::new(page.as_bytes(), report);
        let excerpts = Excerpts::new(&text, report);
        let mut html = String::new();
        write(&mut html, &text, &Picked::all(report, &excerpts), whole);
        html
    }

    #[test]
    fn a_page_is_shown_with_what_was_cut() {
        let page = "<p>A &amp; b<b>c</b></p><div class=sharedaddy>Share</div><script>1</script>";
        let html = shown(page, &dechaff::clean(page.as_bytes()).unwrap().1, true);
        assert!(
            html.starts_with("<i class=b><i>&lt;p&gt;</i></i>A <i>&amp;amp;</i><s>&amp;</s> b<i>&lt;b&gt;</i>c<i>"),
            "{html}"
        );
        assert!(
            html.contains("<del class=\"cut share-widget\" data-kind=cut data-category=\"share-widget\""),
            "{html}"
        );
        assert!(html.contains("</i></i>Share<i class=b><i>&lt;/div&gt;</i></i></del>"), "{html}");
        assert!(html.ends_with("</i></i><i>1</i><i class=b><i>&lt;/script&gt;</i></i>"), "{html}");
    }

    #[test]
    fn elements_that_overlap_are_taken_apart() {
        let page = "<div>aa<div class=sharedaddy>Share</div>bb</div>";
        let mut report = dechaff::clean(page.as_bytes()).unwrap().1;
        let cut = report.cuts[0].range.clone();
        report.declines = [0..cut.start + 30, 2..cut.end + 1]
            .map(|range| {
                let mut decline =
                    dechaff::clean(b"<article class=sharedaddy>x</article>").unwrap().1.declines.remove(0);
                decline.range = range;
                decline
            })
            .to_vec();
        let html = shown(page, &report, true);
        assert_eq!(html.matches("<del").count(), html.matches("</del>").count());
        assert_eq!(html.matches("<mark").count(), html.matches("</mark>").count());
        assert_eq!(html.matches("data-again").count(), 2, "{html}");
    }

    #[test]
    fn of_a_long_page_the_surroundings_are_shown() {
        let long = "é".repeat(10_000);
        let page = format!("<p>{long}</p><div class=sharedaddy>Share {long}</div><p>{long}<p>end");
        let html = shown(&page, &dechaff::clean(page.as_bytes()).unwrap().1, false);
        assert_eq!(html.matches("bytes not shown").count(), 3, "{html}");
        let gaps = html
            .split(" bytes not shown")
            .filter_map(|text| text.rsplit('>').next()?.replace(',', "").parse::<usize>().ok());
        let left = gaps.sum::<usize>();
        let shown = html.matches('é').count() * 2;
        assert!(left + shown > 59_900 && html.len() < 20_000, "{left} {shown} {}", html.len());
    }

    #[test]
    fn references_are_text_whatever_they_say() {
        for (text, length) in [
            ("&amp;x", 5),
            ("&#x202e;", 8),
            ("&#60;", 5),
            ("&a b;", 0),
            ("&;", 0),
            ("&#x;", 0),
            ("&#;", 0),
            ("&é;", 0),
            ("&amp", 0),
        ] {
            assert_eq!(reference(text), length, "{text}");
        }
    }
}
