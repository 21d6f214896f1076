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

/// The republished page of which every class and id was taken: the text alone says the same.
#[test]
fn the_text_alone_is_enough() {
    let page = corpus().into_iter().find(|p| p.name == "republished-news").unwrap();
    let bare = without_names(&page.source);
    assert!(bare.len() < page.source.len() * 9 / 10);
    let cleaner = page.cleaner();
    let text = |html: &[u8]| visible_text(&clean_in_chunks(&cleaner, html, 7).0);
    assert_eq!(text(&bare), text(&page.source));
}

/// `html` without `class` and `id` attributes.
fn without_names(html: &[u8]) -> Vec<u8> {
    let html = std::str::from_utf8(html).unwrap();
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = [" class=", " id="].iter().filter_map(|name| rest.find(name).map(|i| (i, name.len()))).min() {
        let value = &rest[at.0 + at.1..];
        let quote = value.chars().next().unwrap();
        assert!(quote == '"' || quote == '\'', "unquoted: {}", &value[..20]);
        out.push_str(&rest[..at.0]);
        rest = &value[1 + value[1..].find(quote).unwrap() + 1..];
    }
    (out + rest).into_bytes()
}

/// The words that a reader sees.
fn visible_text(html: &[u8]) -> String {
    let html = std::str::from_utf8(html).unwrap();
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let hidden = ["script", "style", "noscript"].iter().find(|name| rest[1..].starts_with(*name));
        let end = match hidden {
            _ if rest.starts_with("<!--") => "-->".to_owned(),
            Some(name) => format!("</{name}>"),
            None => ">".to_owned(),
        };
        rest = &rest[rest.find(&end).unwrap() + end.len()..];
        text.push(' ');
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
