//! Pages that look like those of the web, made by code: the same bytes each time, in any size.
//!
//! Pages of the web are bulkier than those of the corpus, which are written by hand. At the median a page has some 150 KB, about
//! half of it is script and style sheets, and a start tag comes every 250 bytes or so: [`Shape`] counts both, and a test holds
//! the pages to it. They are made of
//!
//! - **prose**: the longer paragraphs of articles of the corpus, one article after the other, in seven languages;
//! - **chaff**: elements of the corpus that dechaff cuts, a share bar here and a newsletter box there, about one for each
//!   [`CHAFF_EVERY`] bytes, and a cookie notice at the end;
//! - **bulk**: headings, menus, teasers with pictures, drawings, classes, addresses, `data-` attributes ([`crate::bulk`]),
//!   style sheets and scripts.
//!
//! What comes next is what the page has too little of so far: a script if less than half of it is script, a teaser or a menu if
//! tags are too rare, prose if they are too frequent.

use memchr::{memchr_iter, memmem};

use crate::random::Random;
use crate::sets::corpus_page;
use crate::{Result, bulk};

/// Bytes of the page for one element that is chaff.
pub const CHAFF_EVERY: usize = 30_000;
/// Bytes of the page for one start tag, about.
const BYTES_PER_TAG: f64 = 250.0;

/// Where the prose is from. The pages are named, and not found, so that a new page of the corpus does not change what is
/// measured. None of them is about newsletters or cookies: cutting would stop there.
const PROSE: [&str; 12] = [
    "comments-heavy-article",
    "news-german",
    "news-arabic",
    "republished-news",
    "news-japanese",
    "medium-like-post",
    "news-french",
    "squarespace-article",
    "news-polish",
    "ghost-post",
    "news-spanish",
    "substack-post",
];
/// A paragraph counts as prose if it has so many bytes.
const PARAGRAPH: usize = 200;

/// Where the chaff is from: a page and how the element begins.
const CHAFF: [(&str, &str); 10] = [
    ("republished-news", "<p>Stay informed! "),
    ("comments-heavy-article", "<div class=\"sharedaddy "),
    ("news-polish", "<div class=\"sidebar-right card newsletter-module\""),
    ("news-spanish", "<div class=\"addtoany_share_save_container "),
    ("news-japanese", "<div class=\"sns-share "),
    ("comments-heavy-article", "<section id=\"blog_subscription-2\""),
    ("news-french", "<div class=\"social-share social-share--top\""),
    ("news-german", "<div id=\"respond\""),
    ("news-arabic", "<div id=\"tie-newsletter-2\""),
    ("news-japanese", "<section class=\"mailmagazine "),
];
/// What stands at the end of the page.
const NOTICE: (&str, &str) = ("news-japanese", "<div class=\"cookie-notice\"");

/// A page, in the order of its fields. `body` can be repeated: nothing is left open in it.
pub struct Page {
    /// All up to the end of the menu.
    pub head: Vec<u8>,
    /// What the page is about.
    pub body: Vec<u8>,
    /// The foot of the page, and its cookie notice.
    pub end: Vec<u8>,
}

impl Page {
    /// The whole page.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [&*self.head, &self.body, &self.end].concat()
    }
}

/// Makes a page of about `size` bytes.
///
/// # Errors
///
/// A page of the corpus can't be read, or does not have in it what is looked for.
pub fn page(size: usize) -> Result<Page> {
    let stock = Stock::read()?;
    let mut random = Random::new(size as u64);
    let mut made = Made::default();
    let entries = (size / 10_000).clamp(1, 12);

    made.markup(
        "<!DOCTYPE html>\n<html lang=\"en\" class=\"no-js\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>Lantern - towns, harbors and orchards</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"stylesheet\" href=\"https://www.lantern.example/assets/main.5f1e2a77c3.css\" media=\"all\">\n",
    );
    made.raw("style", &bulk::style(size / 8, &mut random));
    made.markup("</head>\n<body class=\"home page-template wide\">\n<header class=\"site-header\">\n");
    made.markup(&bulk::menu(entries, &mut random));
    made.markup("</header>\n<div id=\"content\" class=\"site-content\">\n");
    let head = made.bytes.len();

    let mut end = Made::default();
    end.markup("</div>\n<footer class=\"site-footer\">\n");
    end.markup(&bulk::menu(entries, &mut random));
    end.markup("<p>Lantern, Mill Lane 4, since 1911</p></footer>\n");
    end.markup(&stock.notice);
    end.markup("\n</body>\n</html>\n");

    let mut paragraphs = stock.paragraphs.iter().cycle();
    let mut chaff = stock.chaff.iter().cycle();
    let mut chaff_due = size.min(CHAFF_EVERY) / 2;
    while made.bytes.len() + end.bytes.len() < size {
        let room = size - made.bytes.len() - end.bytes.len();
        // What the end of the page will bring counts from the start.
        let bytes = made.bytes.len() + end.bytes.len();
        if made.raw * 2 < bytes {
            let length = (bytes / 10 + random.below(bytes / 10)).min(400 + random.below(12_000)).min(room);
            made.raw("script", &bulk::script(length, &mut random));
            continue;
        }
        if made.bytes.len() >= chaff_due {
            chaff_due += CHAFF_EVERY;
            made.markup(chaff.next().map_or("", |element| element));
            made.markup("\n");
            continue;
        }
        made.markup(&bulk::section(&mut random));
        made.markup(&bulk::heading(&mut random));
        let bytes = made.bytes.len() + end.bytes.len();
        if bytes as f64 / ((made.tags + end.tags) as f64) < BYTES_PER_TAG {
            for paragraph in paragraphs.by_ref().take(1 + random.below(3)) {
                made.markup(paragraph);
                made.markup("\n");
            }
        } else if random.below(3) == 0 {
            made.markup(&bulk::menu(2 + random.below(4), &mut random));
        } else {
            made.markup(&bulk::teaser(&mut random));
        }
        made.markup("</section>\n");
    }

    let body = made.bytes.split_off(head);
    Ok(Page { head: made.bytes, body, end: end.bytes })
}

/// A page so far, and what it is made of.
#[derive(Default)]
struct Made {
    bytes: Vec<u8>,
    /// Bytes of scripts and style sheets.
    raw: usize,
    tags: usize,
}

impl Made {
    fn markup(&mut self, text: &str) {
        self.tags += start_tags(text.as_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn raw(&mut self, tag: &str, text: &str) {
        self.bytes.extend_from_slice(format!("<{tag}>{text}</{tag}>\n").as_bytes());
        self.raw += text.len();
        self.tags += 1;
    }
}

/// What is taken from the corpus.
struct Stock {
    paragraphs: Vec<String>,
    chaff: Vec<String>,
    notice: String,
}

impl Stock {
    fn read() -> Result<Self> {
        let mut paragraphs = Vec::new();
        for name in PROSE {
            let page = String::from_utf8(corpus_page(name)?)?;
            let all = page.split("<p").skip(1).filter_map(|rest| rest.split_once("</p>"));
            let prose = all.map(|(text, _)| text).filter(|text| text.starts_with('>') && text.len() >= PARAGRAPH);
            paragraphs.extend(prose.map(|text| format!("<p{text}</p>")));
        }
        let chaff = CHAFF.iter().map(|(name, start)| element(name, start)).collect::<Result<_>>()?;
        Ok(Self { paragraphs, chaff, notice: element(NOTICE.0, NOTICE.1)? })
    }
}

/// The element of a page of the corpus that begins with `start`, up to its end tag.
fn element(name: &str, start: &str) -> Result<String> {
    let page = String::from_utf8(corpus_page(name)?)?;
    let found = || {
        let page = &page[page.find(start)?..];
        let tag = start[1..].split([' ', '>']).next()?;
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        let mut end = page.find(&close)? + close.len();
        while page[..end].matches(&open).count() > page[..end].matches(&close).count() {
            end += page[end..].find(&close)? + close.len();
        }
        Some(page[..end].to_owned())
    };
    found().ok_or_else(|| format!("corpus/{name}/source.html: no whole element begins with {start}").into())
}

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Bytes for each start tag.
    pub bytes_per_tag: f64,
    /// The part of the page that is content of scripts and style sheets, from 0 to 1.
    pub raw: f64,
}

impl Shape {
    /// Counts. The page is expected to be one of ours: all scripts and style sheets have end tags, and no tag is hidden in a
    /// comment.
    #[must_use]
    pub fn of(page: &[u8]) -> Self {
        let (mut raw, mut tags, mut rest) = (0, 0, page);
        while let Some((start, end)) = next_raw(rest) {
            // The start tag of the script counts, what looks like a tag in it does not.
            tags += start_tags(&rest[..start]);
            raw += end - start;
            rest = &rest[end..];
        }
        tags += start_tags(rest);
        let size = page.len() as f64;
        Self { bytes_per_tag: size / tags as f64, raw: raw as f64 / size }
    }
}

/// Where the content of the next script or style sheet begins and ends.
fn next_raw(page: &[u8]) -> Option<(usize, usize)> {
    let tags = ["script", "style"].into_iter();
    let starts = tags.filter_map(|tag| Some((memmem::find(page, format!("<{tag}").as_bytes())?, tag)));
    let (start, tag) = starts.min()?;
    let content = start + memchr::memchr(b'>', &page[start..])? + 1;
    let end = memmem::find(&page[content..], format!("</{tag}").as_bytes())?;
    Some((content, content + end))
}

/// How many `<` have a letter after them.
fn start_tags(page: &[u8]) -> usize {
    memchr_iter(b'<', page).filter(|at| page.get(at + 1).is_some_and(u8::is_ascii_alphabetic)).count()
}
