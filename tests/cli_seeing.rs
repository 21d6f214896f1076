//! The command-line tool shows what went and why: dry runs, explanations, totals, the report's format.

#[path = "fixtures/tool.rs"]
mod tool;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use tool::{CLEAN, COOKIES, Dir, SHARE, lines, page};

/// What `--explain` says of `page.html`.
const EXPLAINED: &str = "\
page.html: cut cookie-notice onetrust/dialog <div> 13-71 \"We value your privacy\"
page.html: cut share-widget jetpack-sharing/sharedaddy <div> 88-149 \"Share this\"
";

/// A WARC response with `page` in it.
fn record(page: &str) -> String {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://mill.example/\r\nContent-Length: {}",
        http.len()
    );
    format!("{head}\r\n\r\n{http}\r\n\r\n")
}

/// Inputs of every kind, each with the page in it once or twice.
fn inputs() -> Dir {
    let dir = Dir::with_page();
    dir.mkdir("site");
    dir.write("site/a.html", &page());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(page().as_bytes()).unwrap();
    dir.write_bytes("site/b.html.gz", &gzip.finish().unwrap());
    dir.write_bytes("site/c.html.zst", &zstd::encode_all(page().as_bytes(), 0).unwrap());
    dir.write("crawl.warc", &(record(&page()) + &record("<p>No chaff.</p>") + &record(&page())));
    let line = serde_json::json!({"url": "https://mill.example/7", "html": page()}).to_string();
    dir.write("pages.jsonl", &format!("{{\"html\":null}}\n{line}\n"));
    dir
}

/// What lies in a directory, and what is in it.
fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    files
}

// Dry runs

#[test]
fn a_dry_run_touches_nothing() {
    let dir = inputs();
    let before = files(dir.path());
    let runs: [&[&str]; 7] = [
        &["page.html"],
        &["page.html", "-o", "clean.html"],
        &["page.html", "crawl.warc", "-o", "new/"],
        &["-r", "site", "--output-dir", "tree"],
        &["-r", "site", "page.html", "-i"],
        &["page.html", "crawl.warc", "--in-place=.orig"],
        &["--jsonl", "html", "pages.jsonl", "-i"],
    ];
    for args in runs {
        assert_eq!(dir.run(&[&["-n"], args].concat()).document(), "", "{args:?}");
        assert!(files(dir.path()) == before, "{args:?}");
        let done = dir.run(&[&["--dry-run", "--explain"], args].concat()).document();
        assert!(done.lines().count() >= 2, "{done}");
        assert!(files(dir.path()) == before, "{args:?}");
    }
    assert_eq!(dir.pipe(&["-n"], page().as_bytes()).document(), "");
    assert_eq!(dir.names(), ["crawl.warc", "page.html", "pages.jsonl", "site"]);
}

#[test]
fn a_dry_run_fails_as_any_run_does() {
    let dir = Dir::with_page();
    dir.write("a.pdf", "%PDF-1.4");
    let done = dir.run(&["-n", "--explain", "no.html", "page.html", "a.pdf"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap()), (Some(1), EXPLAINED.to_owned()));
    assert_eq!(done.err, dir.run(&["no.html", "page.html", "a.pdf"]).err);
    assert!(dir.run(&["-n", "-i"]).refusal(2).starts_with("dechaff: -: standard input has no place"));
    assert_eq!(dir.run(&["-n", "page.html", "-o", "no/such/clean.html"]).document(), "");
}

#[test]
fn a_dry_run_reports_to_standard_output() {
    let dir = Dir::with_page();
    let out = dir.run(&["-n", "--report", "-", "page.html"]).document();
    assert_eq!(lines(&out).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>(), ["cut", "cut", "summary"]);
    assert_eq!(dir.run(&["-n", "--report", "report.jsonl", "page.html"]).document(), "");
    assert_eq!(dir.read("report.jsonl"), out);
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_may_be_full() {
    for args in [&["-n", "--explain", "page.html"], &["-n", "--stats", "page.html"], &["-i", "--diff", "page.html"]] {
        let dir = Dir::with_page();
        let mut command = dir.command(args);
        command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let done = tool::finish(command);
        assert_eq!(done.code, Some(1), "{args:?}");
        assert!(done.err.starts_with("dechaff: stdout: no space left on device\nhint: "), "{args:?}: {}", done.err);
    }
}

// Explanations

#[test]
fn each_cut_is_explained() {
    let dir = Dir::with_page();
    let done = dir.run(&["--explain", "page.html"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap(), &*done.err), (Some(0), CLEAN.to_owned(), EXPLAINED));
    let done = dir.run(&["--explain", "page.html", "-o", "clean.html"]);
    assert_eq!((done.code, &*done.out, &*done.err), (Some(0), b"".as_slice(), EXPLAINED));
    assert_eq!(dir.read("clean.html"), CLEAN);
}

#[test]
fn what_stays_is_explained_in_the_order_of_the_page() {
    let dir = Dir::new();
    let article = "<article class=sharedaddy><p>On rye</p></article>";
    let deep = "<div>".repeat(2000);
    dir.write("page.html", &format!("{article}<div class=sharedaddy><i class=x></i></div>{article}{deep}"));
    let out = dir.run(&["-n", "--explain", "page.html"]).document();
    let expected = "\
page.html: kept share-widget jetpack-sharing/sharedaddy <article> 0-26 (root) <article class=sharedaddy>
page.html: cut share-widget jetpack-sharing/sharedaddy <div> 49-92 <div class=sharedaddy>
page.html: kept share-widget jetpack-sharing/sharedaddy <article> 92-118 (root) <article class=sharedaddy>
page.html: stopped at ";
    assert!(out.starts_with(expected), "{out}");
    assert!(out.ends_with(" (too-deep): nothing is cut after that\n") && out.lines().count() == 4, "{out}");
}

#[test]
fn every_kind_of_input_is_explained_in_order() {
    let dir = inputs();
    let args = ["-r", "page.html", "site", "crawl.warc", "pages.jsonl", "--jsonl", "html", "--explain", "-n", "-j"];
    let first = dir.run(&[&args[..], &["1"]].concat()).document();
    let names = [
        "page.html",
        "site/a.html",
        "site/b.html.gz",
        "site/c.html.zst",
        "crawl.warc:1",
        "crawl.warc:3",
        "pages.jsonl:2:html",
    ];
    let expected: String = names.iter().map(|name| EXPLAINED.replace("page.html", name)).collect();
    assert_eq!(first, expected);
    for jobs in ["2", "9"] {
        assert_eq!(dir.run(&[&args[..], &[jobs]].concat()).document(), first);
    }
    // The same goes to standard error when pages come out.
    let done = dir.run(&[&args[..8], &["-j", "3"]].concat());
    assert_eq!(done.err, first);
}

#[test]
fn long_text_is_shortened() {
    let dir = Dir::new();
    let words = "Share this with all the people that you have ever met ".repeat(50);
    dir.write("page.html", &format!("<div class=sharedaddy>\n <b>{words}</b>\t</div>"));
    let out = dir.run(&["-n", "--explain", "page.html"]).document();
    let end = "\"Share this with all the people that you have ever met Share this with all the…\"\n";
    assert!(out.ends_with(end) && out.lines().count() == 1, "{out}");
}

/// Nothing of a page or of a name makes a terminal do anything, whatever is asked for.
#[test]
fn a_hostile_page_cannot_drive_the_terminal() {
    let dir = Dir::new();
    let evil = "\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}31m\r\u{8}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}&#27;[1m&#x202e;";
    let share = format!("<div class=\"sharedaddy {evil}\">Share {evil} this</div>");
    dir.write("page.html", &format!("<p>{evil}</p>{share}<article class=sharedaddy title='{evil}'>{evil}</article>\n"));
    let marked = "<table class=sharedaddy\u{1b}><\u{1b}[31m></table><x\u{1b}[2Jy class=sharedaddy>Share</x\u{1b}[2Jy>";
    let line = serde_json::json!({ "url": evil, evil: format!("{share}{marked}") }).to_string();
    dir.write("pages.jsonl", &line);
    for color in ["always", "never"] {
        let args = ["-n", "--explain", "--stats", "--report", "-", "--color", color];
        for more in [&["page.html"][..], &["--jsonl", evil, "pages.jsonl"], &["page.html", "--url", evil]] {
            let out = dir.run(&[&args[..], more].concat()).document();
            let plain = out.replace("\u{1b}[0m", "").replace("\u{1b}[1m", "").replace("\u{1b}[2m", "");
            let plain =
                ["31", "33", "36"].iter().fold(plain, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""));
            let harmful =
                |c: &char| c.is_control() && *c != '\n' || "\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}".contains(*c);
            assert_eq!(plain.chars().find(harmful), None, "{plain:?}");
            assert_eq!(plain == out, color == "never");
            assert!(plain.contains("\\u{1b}[2J") && plain.contains("\\u001b"), "{plain}");
        }
    }
    let diff = dir.run(&["-n", "--diff", "--color", "always", "page.html"]).document();
    assert!(diff.contains("\\u{1b}]0;pwned\\u{7}"), "{diff}");
    assert!(!diff.contains("\u{1b}]") && !diff.contains(['\u{7}', '\u{202e}', '\u{9b}', '\r']), "{diff:?}");
}

#[test]
fn pages_are_quoted_in_their_encoding() {
    let dir = Dir::new();
    dir.write_bytes("latin.html", b"<meta charset=latin1><div class=sharedaddy>Partagez l'\xE9t\xE9</div>");
    let wide = "\u{feff}<p>été</p><div class=sharedaddy>Partagez l'été</div>";
    dir.write_bytes("wide.html", &wide.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    let out = dir.run(&["-n", "--explain", "--report", "-", "latin.html", "wide.html"]).document();
    assert_eq!(out.matches("\"Partagez l'été\"").count(), 4, "{out}");
    let out = dir.run(&["-n", "--diff", "wide.html"]).document();
    assert_eq!(out.lines().nth(3), Some("-\u{feff}<p>été</p><div class=sharedaddy>Partagez l'été</div>"), "{out}");
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let dir = Dir::with_page();
    let run = |color: &[&str]| {
        let mut command = dir.command(&[&["-n", "--explain", "--stats", "--diff", "page.html"], color].concat());
        command.env("NO_COLOR", "1");
        String::from_utf8(tool::finish(command).out).unwrap()
    };
    let plain = run(&[]);
    assert!(!plain.contains('\u{1b}') && plain == run(&["--color", "never"]) && plain == run(&["--color=auto"]));
    let coloured = run(&["--color=always"]);
    assert!(coloured.contains("\u{1b}[31mcut\u{1b}[0m"), "{coloured}");
    assert!(dir.run(&["--color=often", "page.html"]).refusal(2).contains("[possible values: auto, always, never]"));
}

// Totals

#[test]
fn totals_are_counted_over_all_inputs() {
    let dir = inputs();
    let args = ["-r", "page.html", "site", "crawl.warc", "pages.jsonl", "--jsonl", "html", "--stats", "-j"];
    let (cookies, share) = (COOKIES.len() * 7, SHARE.len() * 7);
    let (before, cut) = (page().len() * 7 + "<p>No chaff.</p>".len(), cookies + share);
    #[allow(clippy::cast_precision_loss)]
    let percent = cut as f64 * 100.0 / before as f64;
    let after = before - cut;
    let expected = format!(
        "\
category                      cuts  bytes  words  kept
cookie-notice                    7    {cookies}     28     0
  onetrust/dialog                7    {cookies}     28     0
share-widget                     7    {share}     14     0
  jetpack-sharing/sharedaddy     7    {share}     14     0
total                           14    {cut}     42     0
8 pages, 1,{:03} bytes before, {after} after ({percent:.1} % cut)
",
        before - 1000
    );
    for jobs in ["1", "5"] {
        assert_eq!(dir.run(&[&args[..], &[jobs]].concat()).err, expected);
        assert_eq!(dir.run(&[&args[..], &[jobs, "-n"]].concat()).document(), expected);
    }
}

// The report's format

/// The fields that REPORT.md has, by type, and those of every line.
fn documented() -> (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("REPORT.md")).unwrap();
    let mut types = BTreeMap::new();
    let mut common = BTreeSet::new();
    for section in text.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap().trim_matches('`').to_owned();
        let fields = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned));
        if title == "Every line" {
            common = fields.collect();
        } else {
            types.insert(title, fields.collect());
        }
    }
    (types, common)
}

#[test]
fn every_field_of_the_report_is_documented() {
    let dir = inputs();
    dir.write("deep.html", &("<article class=sharedaddy></article>".to_owned() + &"<div>".repeat(2000)));
    let run = |args: &[&str]| lines(&dir.run(&[&["-n", "--report", "-"], args].concat()).document());
    let mut all = run(&["deep.html", "crawl.warc"]);
    all.extend(run(&["--url", "https://mill.example/", "page.html"]));
    all.extend(run(&["--jsonl", "html", "pages.jsonl"]));
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (kind, data) in all {
        seen.entry(kind).or_default().extend(data.as_object().unwrap().keys().cloned());
    }
    let (mut types, common) = documented();
    // That a stop is in an archive or in JSON Lines is left out here.
    types.get_mut("stop").unwrap().insert("input".to_owned());
    types.get_mut("decline").unwrap().insert("input".to_owned());
    for kind in ["cut", "summary"] {
        types.get_mut(kind).unwrap().extend(common.clone());
    }
    assert_eq!(seen, types);
}

#[test]
fn the_help_leads_to_the_format() {
    let help = Dir::new().run(&["--help"]).document();
    assert!(help.contains("REPORT.md") && Path::new(env!("CARGO_MANIFEST_DIR")).join("REPORT.md").exists());
}

#[test]
fn reports_overwrite_neither_pages_nor_each_other() {
    let dir = Dir::with_page();
    let err = dir.run(&["page.html", "--html-report", "./page.html"]).refusal(2);
    assert!(err.starts_with("dechaff: ./page.html: is the report and an input at once\nhint: "), "{err}");
    let err = dir.run(&["page.html", "--html-report", "r", "--report", "./r"]).refusal(2);
    assert!(err.starts_with("dechaff: r: is both reports at once\nhint: "), "{err}");
    let err = dir.run(&["page.html", "--html-report", "-"]).refusal(2);
    assert!(err.starts_with("dechaff: --html-report: goes to a file, not to '-'\nhint: "), "{err}");
    let err = dir.run(&["page.html", "--html-report", "no/r.html"]).refusal(1);
    assert_eq!(err, "dechaff: no/r.html: no such file or directory\nhint: create the directory no first\n");
    assert_eq!(dir.names(), ["page.html"]);
}

#[test]
fn everything_can_be_asked_for_at_once() {
    let dir = Dir::with_page();
    let args = ["-n", "--explain", "--stats", "--diff", "--report", "r.jsonl", "--html-report", "r.html", "page.html"];
    let out = dir.run(&args).document();
    let explained = out.strip_prefix(EXPLAINED).unwrap();
    assert!(explained.starts_with("--- page.html\n+++ page.html\n@@ -1,1 +1,1 @@\n-<h1>News"), "{out}");
    assert!(explained.contains("\ncategory ") && explained.ends_with(" cut)\n"), "{out}");
    assert_eq!(lines(&dir.read("r.jsonl")).len(), 3);
    assert!(dir.read("r.html").ends_with("</html>\n"));
    assert_eq!(dir.read("page.html"), page());
    assert_eq!(dir.names(), ["page.html", "r.html", "r.jsonl"]);
}
