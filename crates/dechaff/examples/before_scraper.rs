//! Cleans pages before `scraper` selects in them, and says on standard error how long that takes with and without.
//!
//! What is selected are paragraphs, entries of lists and links. How much time is saved depends on the pages: cleaning costs some of what
//! parsing does, and saves as much of it as there is chaff. What is always saved is looking at what is no content.
//!
//! ```sh
//! cargo run --release -p dechaff --example before_scraper -- corpus/*/source.html
//! ```

use std::error::Error;
use std::time::{Duration, Instant};
use std::{env, fs, hint};

use dechaff::Cleaner;
use scraper::{Html, Selector};

/// Each way is taken as often, in turns; the fastest time counts.
const TURNS: usize = 20;

/// How many elements there are, and how much text is in them.
fn select(page: &str, selector: &Selector) -> (usize, usize) {
    let page = Html::parse_document(page);
    let texts = page.select(selector).map(|element| element.text().map(str::len).sum::<usize>());
    texts.fold((0, 0), |(count, bytes), text| (count + 1, bytes + text))
}

fn time<T>(act: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    hint::black_box(act());
    start.elapsed()
}

fn main() -> Result<(), Box<dyn Error>> {
    let cleaner = Cleaner::new();
    let selector = Selector::parse("p, li, a")?;
    let [mut cleaning, mut all, mut rest] = [Duration::ZERO; 3];
    for path in env::args_os().skip(1) {
        // A str is cleaned as UTF-8. For pages in other encodings there is Cleaner::clean, before they are decoded.
        let page = fs::read_to_string(&path)?;
        let (clean, report) = cleaner.clean_str(&page)?;
        let ((count, bytes), (left, bytes_left)) = (select(&page, &selector), select(&clean, &selector));
        println!(
            "{}: {count} elements with {bytes} bytes of text, {left} with {bytes_left} after {} cuts",
            path.display(),
            report.cuts.len()
        );
        let mut fastest = [Duration::MAX; 3];
        for _ in 0..TURNS {
            fastest[0] = fastest[0].min(time(|| cleaner.clean_str(&page)));
            fastest[1] = fastest[1].min(time(|| select(&page, &selector)));
            fastest[2] = fastest[2].min(time(|| select(&clean, &selector)));
        }
        cleaning += fastest[0];
        all += fastest[1];
        rest += fastest[2];
    }
    eprintln!("selected in all of it in {all:?}; cleaned in {cleaning:?}, then selected in {rest:?}");
    Ok(())
}
