//! Every example of every rule file, whole and in small chunks, and that every rule has one.

#[path = "../crates/dechaff/src/rules/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dechaff::{Category, Cleaner};
use format::{Example, File};

/// Each rule file with its category.
fn files() -> Vec<(Category, PathBuf, File)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    for category in Category::ALL {
        let folder = root.join(category.name());
        let mut paths: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
            .collect();
        paths.sort();
        for path in paths {
            let file =
                File::parse(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            files.push((category, path, file));
        }
    }
    files
}

/// The example's page and what should come of it.
fn page_and_want(example: &Example) -> (String, String) {
    let prose = if example.prose {
        format!("<p>{}</p>", "one two three four five six seven eight nine ten ".repeat(30))
    } else {
        String::new()
    };
    let want = example.want.as_deref().unwrap_or(&example.html);
    (format!("{prose}{}", example.html), format!("{prose}{want}"))
}

#[test]
fn every_example_comes_out_as_it_says() {
    let mut failures = String::new();
    for (category, path, file) in files() {
        // What the text says is tested with the cues.
        let cleaner = Cleaner::builder().categories([category]).text_evidence(false).build();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let mut hit = BTreeSet::new();
        for example in &file.example {
            let (page, want) = page_and_want(example);
            let (got, report) = cleaner.clean(page.as_bytes()).unwrap();
            hit.extend(report.cuts.iter().map(|c| c.rule.to_string()));
            if got != want.as_bytes() {
                let got = String::from_utf8_lossy(&got).into_owned();
                let _ = writeln!(failures, "{stem}: {}\n  want {want}\n  got  {got}", example.name);
                for d in &report.declines {
                    let _ = writeln!(failures, "  declined: {} <{}>: {}", d.rule, d.tag, d.reason);
                }
                for c in &report.cuts {
                    let _ = writeln!(failures, "  cut: {} <{}> {:?}", c.rule, c.tag, c.range);
                }
            }
        }
        for rule in &file.rule {
            let id = format!("{stem}/{}", rule.name);
            if !hit.contains(&id) {
                let _ = writeln!(failures, "{stem}: no example is cut by rule '{}'", rule.name);
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn a_file_with_a_fault_is_refused_and_the_fault_named() {
    let good = "vendor = 'x'\nstrength = 'certain'\nsource = 'https://x.example'\n\
                [[rule]]\nname = 'r'\nid = ['x-mark']\n\
                [[example]]\nname = 'a'\nhtml = '<p>'\nkeep = true\n\
                [[example]]\nname = 'b'\nhtml = '<p>'\nwant = ''\n";
    let check = |text: &str| File::parse(text).and_then(|file| file.check_built_in());
    check(good).unwrap();
    for (from, to, names) in [
        ("id = ['x-mark']", "ids = ['x-mark']", "ids"),
        ("id = ['x-mark']", "", "no matcher"),
        ("id = ['x-mark']", "id-prefix = ['x-']", "prefix 'x-'"),
        ("id = ['x-mark']", "word = ['Cookie']", "'Cookie'"),
        ("id = ['x-mark']", "id = ['x']\nholds-any = ['email']", "'email'"),
        ("keep = true", "want = ''", "keep = true"),
        ("want = ''", "keep = true", "with want"),
        ("want = ''", "want = ''\nkeep = true", "either want or keep"),
        ("strength = 'certain'", "strength = 'sure'", "sure"),
        ("source = 'https://x.example'", "source = 'x'", "source"),
        ("source = 'https://x.example'", "source = 'https://x.example'\ncategory = 'subscription'", "the folder"),
        ("source = 'https://x.example'", "", "source"),
    ] {
        let text = good.replacen(from, to, 1);
        let message = check(&text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(message.contains(names), "{to}: {message}");
    }
}
