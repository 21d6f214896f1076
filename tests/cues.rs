//! Every example of every cue file, in a page with prose around it, and the pages that only look like chaff.

#[path = "../crates/dechaff/src/text/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dechaff::{Category, Cleaner, CleanerBuilder};
use format::{Cues, Example};
use serde::Deserialize;

/// The cue files, by the code of their language.
fn files() -> Vec<(String, Cues)> {
    let names: Vec<_> = Category::ALL.iter().map(|c| c.name()).collect();
    toml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cues"))
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|n| n != "verdict.toml"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let cues = Cues::parse(&text, &names).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), cues)
        })
        .collect()
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths
}

/// A page with the example in its middle, and what comes before and after it.
fn page(example: &Example) -> (String, String, String) {
    let prose = "one two three four five six seven eight nine ten ".repeat(30);
    let before = format!("<!doctype html><title>On rivers</title><body><h1>On rivers</h1><p>{prose}</p>");
    let after = format!("<p>{prose}</p></body>");
    (format!("{before}{}{after}", example.html), before, after)
}

fn with_default(more: Category) -> CleanerBuilder {
    let categories = Category::ALL.into_iter().filter(|&c| c.is_default() || c == more);
    Cleaner::builder().categories(categories)
}

#[test]
fn every_example_comes_out_as_it_says() {
    let mut failures = String::new();
    let cleaners = Category::ALL.map(|c| with_default(c).build());
    for (language, cues) in files() {
        let examples = cues.cut.iter().map(|e| (e, true)).chain(cues.keep.iter().map(|e| (e, false)));
        for (example, goes) in examples {
            let category = Category::ALL.into_iter().position(|c| c.name() == example.category).unwrap();
            let (page, before, after) = page(example);
            let want = if goes { format!("{before}{after}") } else { page.clone() };
            let (got, report) = cleaners[category].clean(page.as_bytes()).unwrap();
            if got != want.as_bytes() {
                let _ =
                    writeln!(failures, "{language}: {}: {}", if goes { "must go" } else { "must stay" }, example.html);
                for c in &report.cuts {
                    let _ = writeln!(
                        failures,
                        "    cut: {} {}",
                        c.rule,
                        &page[c.range.start as usize..c.range.end as usize]
                    );
                }
                for d in &report.declines {
                    let _ = writeln!(failures, "    declined: {} {}", d.rule, d.reason);
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn all_languages_are_there() {
    let have: Vec<_> = files().into_iter().map(|(language, _)| language).collect();
    let want = "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sr sv th tr uk vi \
                zh-hans zh-hant";
    for language in want.split(' ') {
        assert!(have.iter().any(|h| h == language), "{language}");
    }
}

#[test]
fn a_file_with_a_fault_is_refused_and_the_fault_named() {
    let good = "language = 'x'\n[share-widget]\nlabel = ['share this']\n".to_owned()
        + &"[[cut]]\ncategory = 'share-widget'\nhtml = '<p>share this</p>'\n".repeat(3)
        + &"[[keep]]\ncategory = 'share-widget'\nhtml = '<p>x</p>'\n".repeat(3);
    let names = ["cookie-notice", "subscription", "comment-form", "share-widget"];
    assert!(Cues::parse(&good, &names).is_ok());
    for (from, to, names_it) in [
        ("[share-widget]", "[sharing]", "sharing"),
        ("label =", "labels =", "labels"),
        ("'share this'", "'share *this'", "'*'"),
        ("'share this'", "'*share*'", "one end"),
        ("'share this'", "''", "empty"),
        ("'share this'", "'Share this'", "lower case"),
        ("[[keep]]\ncategory = 'share-widget'\nhtml = '<p>x</p>'\n", "", "three are needed"),
    ] {
        let text = good.replacen(from, to, 1);
        let message = Cues::parse(&text, &names).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(message.contains(names_it), "{to}: {message}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Traps {
    trap: Vec<Trap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trap {
    name: String,
    #[allow(dead_code)]
    why: String,
    #[serde(default)]
    all: bool,
    html: String,
}

#[test]
fn what_only_looks_like_chaff_stays() {
    let (default, all) = (Cleaner::new(), Cleaner::builder().categories(Category::ALL).build());
    let (mut failures, mut count) = (String::new(), 0);
    for path in toml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/traps")) {
        let text = fs::read_to_string(&path).unwrap();
        let traps: Traps = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for trap in traps.trap {
            count += 1;
            for (cleaner, name) in [(&default, "default"), (&all, "all")].iter().take(if trap.all { 2 } else { 1 }) {
                let (_, report) = cleaner.clean(trap.html.as_bytes()).unwrap();
                for cut in &report.cuts {
                    let lost = &trap.html[cut.range.start as usize..cut.range.end as usize];
                    let file = path.file_stem().unwrap().display();
                    let _ = writeln!(failures, "{file}: {} ({name}): {}: {lost}", trap.name, cut.rule);
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count >= 80, "{count} traps");
}

/// Whatever is cut next to them, sentences of the article stay.
#[test]
fn sentences_before_a_cut_stay() {
    let cleaner = Cleaner::new();
    let box_ = "<div class=\"newsletter-signup\"><input type=\"email\"><button>Subscribe</button></div>";
    for sentence in [
        "Officials urged people to subscribe to the text alerts.",
        "He told us that he would subscribe to the paper.",
        "The council would join the talks every week.",
        "Advice: subscribe to a newsletter or two.",
        "The letter is free, and so is the bread.",
    ] {
        let html = format!("<article><p>{sentence}</p>{box_}<p>The end.</p></article>");
        let (clean, _) = cleaner.clean(html.as_bytes()).unwrap();
        let want = format!("<article><p>{sentence}</p><p>The end.</p></article>");
        assert_eq!(String::from_utf8(clean).unwrap(), want);
    }
    let html = format!("<article><h3>Stay in the loop</h3>{box_}<p>The end.</p></article>");
    assert_eq!(cleaner.clean(html.as_bytes()).unwrap().0, b"<article><p>The end.</p></article>");
}
