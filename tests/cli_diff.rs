//! The diffs of the command-line tool: `patch` and `git apply` make the clean page of the page with them.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tool::{CLEAN, Dir, page};

const SHARE: &str = "<div class=sharedaddy>Share\nthis</div>";

/// Whether a program is there to test with.
fn is_there(name: &str) -> bool {
    let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("skipped: there is no '{name}' here to apply diffs with");
    }
    found
}

/// Applies the diff of `name` in a copy with each of the programs, and compares with what the tool makes of the page.
#[track_caller]
fn applies(dir: &Dir, name: &str) {
    let clean = dir.run(&[name]).out;
    let diff = dir.run(&["--diff", name]).out;
    assert_eq!(diff.is_empty(), clean == dir.read_bytes(name), "{name}");
    assert_eq!(diff.is_empty(), name.ends_with("clean.html"), "{name}");
    if diff.is_empty() {
        return;
    }
    for (program, args) in [("patch", &["-p0", "-s"][..]), ("git", &["apply", "-p0", "--whitespace=nowarn"])] {
        if !is_there(program) {
            continue;
        }
        let copy = Dir::new();
        copy.write_bytes(name, &dir.read_bytes(name));
        copy.write_bytes("diff", &diff);
        let mut command = Command::new(program);
        command.args(args).current_dir(copy.path()).env("GIT_CEILING_DIRECTORIES", copy.path().parent().unwrap());
        let done = command.stdin(fs::File::open(copy.path().join("diff")).unwrap()).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{program}: {name}: {said}\n{}", String::from_utf8_lossy(&diff));
        assert!(copy.read_bytes(name) == clean, "{program}: {name}");
    }
}

#[test]
fn diffs_of_all_shapes_apply() {
    let dir = Dir::new();
    let long = "<p>Rye is up.</p>".repeat(20_000);
    let lines: String = (1..60).map(|n| format!("<p>{n}</p>\n")).collect();
    let pages = [
        ("one.html", page()),
        ("lines.html", format!("<hr>1\n<hr>2\n  {SHARE}\n<hr>3\n")),
        (
            "whole-lines.html",
            format!("<ul>\n<li class=sharedaddy>Share\nthis\n<li>2\n</ul>\n{SHARE}\n{SHARE}{SHARE}\n<hr>3\n"),
        ),
        (
            "joined.html",
            format!("<ul>\n  <li class=sharedaddy>Share\nthis\n<li class=sharedaddy>Share\n<li>2\n</ul>{SHARE}{lines}"),
        ),
        ("first.html", format!("{SHARE}<hr>1\n<hr>2\n<hr>3\n<hr>4\n<hr>5\n")),
        ("last.html", format!("<hr>1\n<hr>2\n<hr>3\n<hr>4\n<hr>5\n{SHARE}")),
        ("last-line.html", format!("<hr>1\n<hr>2\n<hr>3\n<hr>4\n<hr>5{SHARE}\n")),
        ("no-end.html", format!("<hr>1\n{SHARE}\n<hr>2")),
        ("hunks.html", format!("{SHARE}{lines}{SHARE}<hr>a\n<hr>b\n{SHARE}{lines}<hr>{SHARE}{lines}{SHARE}")),
        ("a name.html", format!("<hr>1\n{SHARE}\n")),
        ("huge-line.html", format!("{long}{SHARE}{long}{SHARE}{long}")),
        ("clean.html", CLEAN.to_owned()),
    ];
    for (name, text) in pages {
        dir.write(name, &text);
        applies(&dir, name);
        dir.write(&format!("crlf {name}"), &text.replace('\n', "\r\n"));
        applies(&dir, &format!("crlf {name}"));
    }
    dir.write_bytes("latin.html", b"<meta charset=latin1>\n<p>\xE9</p>\n<div class=sharedaddy>\xE9t\xE9</div>\n");
    applies(&dir, "latin.html");
    if is_there("patch") && cfg!(unix) {
        dir.write("a \"b\\c\t.html", &format!("<hr>1\n{SHARE}\n"));
        applies(&dir, "a \"b\\c\t.html");
    }
}

#[test]
fn diffs_of_the_corpus_apply() {
    let dir = Dir::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut count = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path().join("source.html");
        if path.exists() {
            fs::copy(path, dir.path().join("page.html")).unwrap();
            if dir.run(&["page.html"]).out == dir.read_bytes("page.html") {
                continue;
            }
            applies(&dir, "page.html");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn a_diff_is_what_is_expected() {
    let dir = Dir::new();
    let before = "<hr>1\n<hr>2\n<hr>3\n<hr>4\n";
    dir.write("page.html", &format!("{before} <section>a{SHARE}b</section>\n<hr>5\n<hr>6\n<hr>7\n<hr>8\n"));
    let diff = "\
--- page.html
+++ page.html
@@ -2,8 +2,7 @@
 <hr>2
 <hr>3
 <hr>4
- <section>a<div class=sharedaddy>Share
-this</div>b</section>
+ <section>ab</section>
 <hr>5
 <hr>6
 <hr>7
";
    assert_eq!(dir.run(&["--diff", "page.html"]).document(), diff);
    assert_eq!(dir.pipe(&["--diff"], dir.read("page.html").as_bytes()).document(), diff.replace("page.html", "-"));
    // The page itself goes where it was told to go.
    assert_eq!(dir.run(&["--diff", "page.html", "-o", "clean.html"]).document(), diff);
    assert_eq!(dir.run(&["--diff", "-n", "page.html", "-i"]).document(), diff);
    assert_eq!(dir.run(&["--diff", "page.html", "-i"]).document(), diff);
    assert_eq!(dir.read("page.html"), dir.read("clean.html"));
    assert_eq!(dir.run(&["--diff", "page.html"]).document(), "");
}

#[test]
fn records_and_lines_have_diffs_of_their_own() {
    let dir = Dir::new();
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", page());
    let record = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n", http.len());
    dir.write("crawl.warc", &record.repeat(3));
    dir.write("pages.jsonl", &(serde_json::json!({ "html": page() }).to_string() + "\n").repeat(2));
    for jobs in ["1", "4"] {
        let out = dir.run(&["--diff", "crawl.warc", "pages.jsonl", "--jsonl", "html", "-j", jobs]).document();
        let names: Vec<_> = out.lines().filter_map(|line| line.strip_prefix("+++ ")).collect();
        assert_eq!(names, ["crawl.warc:1", "crawl.warc:2", "crawl.warc:3", "pages.jsonl:1:html", "pages.jsonl:2:html"]);
        assert_eq!(out.matches(&format!("\n+{CLEAN}\n\\ No newline at end of file\n")).count(), 5);
    }
}

/// Twice the lines and cuts take about twice as long, on one line as well.
#[test]
fn a_diff_takes_time_in_proportion_to_the_page() {
    let dir = Dir::new();
    for (name, end) in [("one.html", ""), ("lines.html", "\n")] {
        let text = format!("<div class=sharedaddy>Share</div>{end}<hr>{end}").repeat(30_000);
        dir.write(name, &text);
        let start = std::time::Instant::now();
        let diff = dir.run(&["--diff", name]).out;
        assert!(diff.len() > text.len() / 2 && start.elapsed().as_secs() < 20, "{name}: {:?}", start.elapsed());
    }
}
