//! What both benchmarks measure: the pages, and the cases that are run on them.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dechaff::{Category, Cleaner};
use lol_html::element;
use lol_html::send::{HtmlRewriter, Settings};
use memchr::{memchr_iter, memmem};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Pages come in chunks of this many bytes.
pub(crate) const CHUNK: usize = 64 * 1024;
/// The small page, as it is in the corpus.
const SMALL: &str = "news-german";
/// The larger ones are put together from the bodies of these, in this order, over and over. They are named, and not found,
/// so that a new page of the corpus does not change what is measured. Forums are left out: one would turn all of the page
/// into a forum. So are pages in an encoding other than UTF-8.
const ARTICLES: [&str; 20] = [
    "wordpress-twentytwentyfour",
    "news-german",
    "ghost-post",
    "news-arabic",
    "blogger-post",
    "government-page",
    "substack-post",
    "republished-news",
    "news-japanese",
    "drupal-node",
    "gdpr-article",
    "medium-like-post",
    "news-french",
    "wordpress-genesis-recipe",
    "squarespace-article",
    "news-polish",
    "comments-heavy-article",
    "news-spanish",
    "privacy-policy",
    "youtube-embed-blog",
];

/// A page to measure on.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The project's own pages in three sizes: about 10 KB, 150 KB and 2 MB.
///
/// Their markup is the corpus's: small pages with all the chaff of a large one and few scripts, so there is more to decide
/// per byte than on most pages of the web. The small page is one that the processor soon knows by heart: read it as a bound.
pub(crate) fn pages() -> Result<[Page; 3]> {
    let small = fs::read(corpus_page(SMALL))?;
    let pages = [
        Page { name: "small", bytes: small },
        Page { name: "medium", bytes: long_page(150_000)? },
        Page { name: "large", bytes: long_page(2_000_000)? },
    ];
    for Page { name, bytes } in &pages {
        let (_, report) = Cleaner::new().clean(bytes)?;
        if report.cuts.is_empty() || report.stop.is_some() {
            return Err(format!("{name} page: not cleaned to its end: measuring it means nothing").into());
        }
    }
    Ok(pages)
}

fn corpus_page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(name).join("source.html")
}

/// One document of at least `size` bytes: the head of the first article, then bodies.
pub(crate) fn long_page(size: usize) -> Result<Vec<u8>> {
    let articles = ARTICLES.iter().map(|name| Article::read(name)).collect::<Result<Vec<_>>>()?;
    let mut page = articles.first().map_or_else(Vec::new, |first| first.head.clone());
    for article in articles.iter().cycle() {
        if page.len() >= size {
            break;
        }
        page.extend_from_slice(&article.body);
    }
    page.extend_from_slice(b"</body>\n</html>\n");
    Ok(page)
}

/// A page of the corpus, taken apart.
struct Article {
    /// All up to the end of the `body` tag.
    head: Vec<u8>,
    /// All between it and `</body>`.
    body: Vec<u8>,
}

impl Article {
    fn read(name: &str) -> Result<Self> {
        let page = fs::read(corpus_page(name))?;
        let body = || {
            let tag = memmem::find(&page, b"<body")?;
            let start = tag + memchr::memchr(b'>', &page[tag..])? + 1;
            let end = memmem::rfind(&page, b"</body>")?;
            Some((page[..start].to_vec(), page.get(start..end)?.to_vec()))
        };
        let (head, body) = body().ok_or_else(|| format!("{name}: no body"))?;
        Ok(Self { head, body })
    }
}

type Run = dyn Fn(&[u8]) -> Result<()>;

/// Something that is done with a page.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    run: Box<Run>,
}

impl Case {
    /// What the others are compared with.
    pub(crate) const REFERENCE: &str = "lol_html-star";

    fn new(name: &'static str, run: impl Fn(&[u8]) -> Result<()> + 'static) -> Self {
        Self { name, run: Box::new(run) }
    }

    /// Does it once, from a fresh start: what is made for each page in practice is made here, and counts.
    pub(crate) fn run(&self, page: &[u8]) -> Result<()> {
        (self.run)(page)
    }
}

/// All cases, from those that do the least.
///
/// - Counting `<` is a floor: what it costs to look at each byte.
/// - `lol_html` without handlers finds tags and passes them on.
/// - `lol_html` with one handler for all elements that does nothing does what dechaff needs of it: dechaff is built on that.
///
/// - dechaff by start tags alone shows what text evidence costs.
///
/// `lol_html` is set up as in dechaff: not strict, with handlers that can be sent to another thread.
pub(crate) fn cases() -> [Case; 6] {
    let (default, all) = (default_categories(), all_categories());
    let tags = Cleaner::builder().text_evidence(false).build();
    [
        Case::new("memchr", |page| {
            black_box(memchr_iter(b'<', page).count());
            Ok(())
        }),
        Case::new("lol_html", |page| rewrite(page, Settings::new_send())),
        Case::new(Case::REFERENCE, |page| {
            rewrite(page, Settings::new_send().append_element_content_handler(element!("*", |_| Ok(()))))
        }),
        Case::new("dechaff-tags", move |page| clean(page, &tags)),
        Case::new("dechaff", move |page| clean(page, &default)),
        Case::new("dechaff-all", move |page| clean(page, &all)),
    ]
}

pub(crate) fn default_categories() -> Cleaner {
    Cleaner::new()
}

pub(crate) fn all_categories() -> Cleaner {
    Cleaner::builder().categories(Category::ALL).build()
}

fn rewrite(page: &[u8], settings: Settings<'_, '_>) -> Result<()> {
    let mut rewriter = HtmlRewriter::new(settings.with_strict(false), |_: &[u8]| {});
    for chunk in page.chunks(CHUNK) {
        rewriter.write(chunk)?;
    }
    rewriter.end()?;
    Ok(())
}

fn clean(page: &[u8], cleaner: &Cleaner) -> Result<()> {
    let mut writer = cleaner.writer(io::sink());
    for chunk in page.chunks(CHUNK) {
        writer.write_all(chunk)?;
    }
    let (_, report) = writer.finish()?;
    black_box(report);
    Ok(())
}
