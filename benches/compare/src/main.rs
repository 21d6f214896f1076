//! Has one of the tools that are written in Rust work on pages: `dechaff-compare TOOL OUT PAGE...`
//!
//! What comes of each page is written to the folder OUT, under the page's name; if OUT is `-`, nowhere. The last line on standard
//! output has the seconds of processor time that the tool took for all pages, without reading and writing them, the bytes that
//! they have, and how many of them it gave up.

#![forbid(unsafe_code)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, panic};

use cpu_time::ProcessTime;
use dechaff::{Category, Cleaner, FilterList};
use dom_smoothie::Readability;
use lol_html::html_content::Element;
use lol_html::{ElementContentHandlers, HtmlRewriter, Selector, Settings};

#[path = "../../cases/selectors.rs"]
mod selectors;
use selectors::SELECTORS;

/// Chunks as they come from a network, for those that take any.
const CHUNK: usize = 16 * 1024;

type Tool = Box<dyn Fn(&[u8]) -> Result<Vec<u8>, Box<dyn Error>>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(name), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: dechaff-compare TOOL OUT PAGE...".into());
    };
    let tool = tool(&name.to_string_lossy())?;
    let out = (out != "-").then(|| PathBuf::from(out));
    // A page that a tool panics on is one that it gives up; the message would only be in the way.
    panic::set_hook(Box::new(|_| {}));

    let (mut time, mut bytes, mut failed) = (Duration::ZERO, 0, 0);
    for path in arguments.map(PathBuf::from) {
        let page = fs::read(&path)?;
        bytes += page.len();
        let start = ProcessTime::now();
        let result = panic::catch_unwind(panic::AssertUnwindSafe(|| tool(&page).map_err(|error| error.to_string())));
        time += start.elapsed();
        let clean = result.unwrap_or_else(|_| Err("it panicked".into())).unwrap_or_else(|_| {
            failed += 1;
            Vec::new()
        });
        if let (Some(out), Some(name)) = (&out, path.file_name()) {
            fs::write(Path::new(out).join(name), clean)?;
        }
    }
    println!("{} {bytes} {failed}", time.as_secs_f64());
    Ok(())
}

fn tool(name: &str) -> Result<Tool, Box<dyn Error>> {
    Ok(match name {
        "dechaff" => cleaning(Cleaner::new()),
        "dechaff-all" => cleaning(Cleaner::builder().categories(Category::ALL).build()),
        // What a list for ad blockers hides, and nothing else.
        "dechaff-list" => {
            let list = SELECTORS.map(|selector| format!("##{selector}\n")).concat();
            cleaning(Cleaner::builder().categories([]).filter_list(FilterList::parse("list", &list)?).build())
        }
        "lol_html" => removing()?,
        "readability" => Box::new(|page| {
            let page = String::from_utf8_lossy(page);
            Ok(Readability::new(page.as_ref(), None, None)?.parse()?.content.as_bytes().to_vec())
        }),
        "spider" => Box::new(|page| Ok(spider::utils::clean_html_base(&String::from_utf8_lossy(page)).into_bytes())),
        _ => return Err(format!("no tool is called {}", name).into()),
    })
}

fn cleaning(cleaner: Cleaner) -> Tool {
    Box::new(move |page| {
        use std::io::Write;

        let mut writer = cleaner.writer(Vec::with_capacity(page.len()));
        for chunk in page.chunks(CHUNK) {
            writer.write_all(chunk)?;
        }
        Ok(writer.finish()?.0)
    })
}

/// Each of the selectors has a handler that removes.
fn removing() -> Result<Tool, Box<dyn Error>> {
    let selectors = SELECTORS.iter().map(|selector| selector.parse()).collect::<Result<Vec<Selector>, _>>()?;
    Ok(Box::new(move |page| {
        let mut out = Vec::with_capacity(page.len());
        let settings = selectors.iter().fold(Settings::new().with_strict(false), |settings, selector| {
            let handlers = ElementContentHandlers::default().element(|element: &mut Element<'_, '_>| {
                element.remove();
                Ok(())
            });
            settings.append_element_content_handler((std::borrow::Cow::Borrowed(selector), handlers))
        });
        let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| out.extend_from_slice(chunk));
        for chunk in page.chunks(CHUNK) {
            rewriter.write(chunk)?;
        }
        rewriter.end()?;
        Ok(out)
    }))
}
