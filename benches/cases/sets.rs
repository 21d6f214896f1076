//! The pages that are measured: the project's own, or a folder of the user's.

use std::path::{Path, PathBuf};
use std::{env, fs};

use dechaff::Cleaner;
use memchr::memmem;
use walkdir::WalkDir;

use crate::{Result, generate};

/// The variable that names a folder of pages to measure on.
pub const FOLDER: &str = "DECHAFF_BENCH_DIR";

/// The root of the repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Forums are left out: one would turn all of the page into a forum. So are pages in an encoding other than UTF-8.
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

/// Pages that are measured as one, one after the other.
pub struct Set {
    /// What it is called in tables.
    pub name: &'static str,
    /// The pages. There is at least one, and one of them is not empty.
    pub pages: Vec<Vec<u8>>,
}

impl Set {
    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.pages.iter().map(Vec::len).sum()
    }

    /// The bytes of its longest page.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.pages.iter().map(Vec::len).max().unwrap_or_default()
    }
}

/// The user's pages, if [`FOLDER`] names some, else the project's.
///
/// # Errors
///
/// See [`own`] and [`ours`].
pub fn sets() -> Result<Vec<Set>> {
    own()?.map_or_else(ours, |set| Ok(vec![set]))
}

/// The user's pages, if [`FOLDER`] is set.
///
/// # Errors
///
/// The folder can't be read, or there is nothing in it.
pub fn own() -> Result<Option<Set>> {
    env::var_os(FOLDER)
        .map(|folder| folder_of_pages(&called_from().join(folder)).map(|pages| Set { name: "own", pages }))
        .transpose()
}

/// Whether a benchmark that has only pages of its own should leave the run to the others. Says so.
#[must_use]
pub fn only_own(benchmark: &str) -> bool {
    let only = env::var_os(FOLDER).is_some();
    if only {
        println!("{benchmark}: passed over, since {FOLDER} is set and this one has pages of its own");
    }
    only
}

/// Where cargo was called: it runs benchmarks in the package's folder.
#[must_use]
pub fn called_from() -> PathBuf {
    env::var_os("PWD").map_or_else(PathBuf::new, PathBuf::from)
}

/// The pages in a folder and in the folders in it, by name: files that end in `.html` or `.htm`, or all if there are none.
///
/// # Errors
///
/// The folder can't be read, or no file in it has anything in it.
pub fn folder_of_pages(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let shown = folder.display();
    if !folder.is_dir() {
        return Err(format!("{shown}: no such folder\nhint: {FOLDER} names a folder with HTML pages").into());
    }
    let mut paths = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.path().is_file() {
            paths.push(entry.into_path());
        }
    }
    let is_html = |path: &PathBuf| {
        path.extension().is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm"))
    };
    if paths.iter().any(is_html) {
        paths.retain(is_html);
    }
    let read = |path: &PathBuf| fs::read(path).map_err(|e| format!("{}: {e}", path.display()));
    let mut pages = paths.iter().map(read).collect::<std::result::Result<Vec<_>, _>>()?;
    pages.retain(|page| !page.is_empty());
    if pages.is_empty() {
        return Err(format!("{shown}: no pages in it\nhint: {FOLDER} names a folder with HTML pages").into());
    }
    Ok(pages)
}

/// The project's pages: three made by code, of about 10 KB, 150 KB and 2 MB ([`generate`]), and those of the corpus as one set.
///
/// The small page is one that the processor soon knows by heart: read it as a bound. The corpus is dense: small pages with all
/// the chaff of a large one and few scripts, so there is more to decide per byte than on most pages of the web.
///
/// # Errors
///
/// The corpus can't be read, or nothing is cut from a set, or cutting stops: measuring it would mean nothing.
pub fn ours() -> Result<Vec<Set>> {
    let sets = vec![
        Set { name: "small", pages: vec![generate::page(10_000)?.bytes()] },
        Set { name: "medium", pages: vec![generate::page(150_000)?.bytes()] },
        Set { name: "large", pages: vec![generate::page(2_000_000)?.bytes()] },
        Set { name: "corpus", pages: corpus()? },
    ];
    let cleaner = Cleaner::new();
    for Set { name, pages } in &sets {
        let mut cuts = 0;
        for page in pages {
            let (_, report) = cleaner.clean(page)?;
            if let Some(stop) = report.stop {
                return Err(format!("{name}: cutting stops at {}: measuring it means nothing", stop.offset).into());
            }
            cuts += report.cuts.len();
        }
        if cuts == 0 {
            return Err(format!("{name}: nothing is cut: measuring it means nothing").into());
        }
    }
    Ok(sets)
}

/// All pages of the corpus, by name.
///
/// # Errors
///
/// The corpus can't be read.
pub fn corpus() -> Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(Path::new(ROOT).join("corpus"))? {
        paths.push(entry?.path().join("source.html"));
    }
    paths.retain(|path| path.exists());
    paths.sort();
    let mut pages = paths.iter().map(fs::read).collect::<std::io::Result<Vec<_>>>()?;
    // One of them is there twice, for two lists of categories.
    pages.dedup();
    Ok(pages)
}

/// A page of the corpus.
///
/// # Errors
///
/// There is none of that name.
pub fn corpus_page(name: &str) -> Result<Vec<u8>> {
    let path = Path::new(ROOT).join("corpus").join(name).join("source.html");
    Ok(fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?)
}

/// One document of at least `size` bytes, as dense as the corpus: the head of its first article, then bodies of articles, over
/// and over.
///
/// # Errors
///
/// The corpus can't be read.
pub fn long_page(size: usize) -> Result<Vec<u8>> {
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
        let page = corpus_page(name)?;
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
