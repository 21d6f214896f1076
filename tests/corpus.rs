//! Golden pages: what comes of each page of the corpus, byte for byte, in chunks of any size.
//!
//! `DECHAFF_UPDATE=NAME cargo test -p dechaff --test corpus` writes the expected output of one page, `DECHAFF_UPDATE=all` of
//! all, and a `page.toml` to fill in where there is none.

mod fixtures;

use std::{env, fs};

use fixtures::{CHUNKS, clean_in_chunks, corpus};

#[test]
fn pages_come_out_as_expected() {
    let update = env::var("DECHAFF_UPDATE").ok();
    let mut failures = Vec::new();
    for page in corpus() {
        let updating = update.as_ref().is_some_and(|u| *u == page.name || u == "all");
        if updating && !page.folder.join("page.toml").exists() {
            let skeleton = "models = \"\"\ncategory = \"default\"\nkeep = []\ngone = []\n";
            fs::write(page.folder.join("page.toml"), skeleton).unwrap();
        }
        let info = page.info();
        let cleaner = page.cleaner();
        let (whole, report) = clean_in_chunks(&cleaner, &page.source, usize::MAX);
        let expected = page.folder.join("expected.html");
        if updating {
            fs::write(&expected, &whole).unwrap();
        }
        let name = &page.name;
        match fs::read(&expected) {
            Ok(want) if want == whole => {}
            Ok(_) => failures.push(format!("{name}: expected.html differs")),
            Err(e) => failures.push(format!("{name}: expected.html: {e}")),
        }
        let holds = |text: &str| memchr::memmem::find(&whole, text.as_bytes()).is_some();
        let in_source = |text: &str| memchr::memmem::find(&page.source, text.as_bytes()).is_some();
        for text in info.keep.iter().chain(&info.gone).filter(|t| !in_source(t)) {
            failures.push(format!("{name}: not in source.html: {text}"));
        }
        failures.extend(info.keep.iter().filter(|t| !holds(t)).map(|t| format!("{name}: lost: {t}")));
        failures.extend(info.gone.iter().filter(|t| holds(t)).map(|t| format!("{name}: still there: {t}")));
        for size in CHUNKS {
            if clean_in_chunks(&cleaner, &page.source, size) != (whole.clone(), report.clone()) {
                failures.push(format!("{name}: chunks of {size} bytes give something else"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
