//! The report for browsers: what is in the file, and what headless Chromium makes of it.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use tool::{Dir, page};

/// What stands between `start` and `end`.
#[track_caller]
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let at = text.find(start).unwrap_or_else(|| panic!("no {start}")) + start.len();
    &text[at..at + text[at..].find(end).unwrap()]
}

/// A page that would run, load and break out of anything.
fn hostile() -> String {
    let evil = concat!(
        "</div></section></main><script>document.title='pwned'</script><img src=https://evil.example/x.png onerror=\"document.title='pwned'\">",
        "<style>body{display:none}</style></textarea></title>--><svg onload=document.title='pwned'>&lt;script&gt;&#60;b&#62;\u{202e}\u{1b}[2J",
    );
    format!(
        "<p>{evil}</p><div class=sharedaddy title='\"><script>document.title=1</script>'>Share {}</div><article class=\"sharedaddy '><i\">x</article>",
        evil.replace("</div>", "")
    )
}

/// The document after its script has run, and what the browser complained of; nothing if there is no Chromium.
fn browse(path: &Path, hash: &str) -> Option<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    for name in ["chromium", "chromium-browser", "google-chrome"] {
        let done = Command::new(name)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--virtual-time-budget=2000",
            ])
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .args(["--dump-dom", &format!("file://{}{hash}", path.display())])
            .stdin(Stdio::null())
            .output();
        if let Ok(done) = done {
            let text = |bytes| String::from_utf8(bytes).unwrap();
            return Some((text(done.stdout), text(done.stderr)));
        }
    }
    eprintln!("skipped: there is no Chromium here to look at the report with");
    None
}

#[test]
fn the_report_holds_all_it_needs() {
    let dir = Dir::with_page();
    dir.write("evil.html", &hostile());
    assert_eq!(
        dir.run(&["-n", "--html-report", "r.html", "--category", "all", "page.html", "evil.html"]).document(),
        ""
    );
    let html = dir.read("r.html");
    let policy = between(&html, "Content-Security-Policy content=\"", "\"");
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let style = hash(between(&html, "<style>", "</style>"));
    let script = hash(between(&html, "<script>", "</script>"));
    let expected =
        format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
    assert_eq!(policy, expected);
    for (tag, count) in [
        ("<script", 1),
        ("<style", 1),
        ("<img", 0),
        ("<link", 0),
        ("<a ", 1),
        ("<iframe", 0),
        ("<textarea", 0),
        ("onerror=\"", 0),
    ] {
        assert_eq!(html.matches(tag).count(), count, "{tag}");
    }
    assert!(!html.contains(" src=") || between(&html, " src=", " ").starts_with("https://evil.example/x.png"));
    assert!(!html.contains(['\u{1b}', '\u{202e}']) && html.contains("\\u{1b}[2J") && html.contains("\\u{202e}"));
    // Each element is in the list and in its place, with what is to be said of it.
    for n in 0..3 {
        assert_eq!(
            html.matches(&format!("data-n={n}>")).count() + html.matches(&format!("data-n={n} ")).count(),
            if n < 2 { 4 } else { 2 },
            "{n}"
        );
    }
    let first = "<del class=\"cut cookie-notice\" data-kind=cut data-category=\"cookie-notice\" data-rule=\"onetrust/dialog\" \
                 data-tag=\"div\" data-bytes=\"13–71\" data-n=0 data-block tabindex=0>";
    assert_eq!(html.matches(first).count(), 1);
    assert!(html.contains("<mark class=\"kept share-widget\" data-kind=kept") && html.contains("data-why=\"root\""));
}

#[test]
fn the_report_keeps_the_order_and_is_the_same_each_time() {
    let dir = Dir::new();
    dir.mkdir("site");
    for n in 10..40 {
        dir.write(&format!("site/{n}.html"), &page().repeat(n % 7 + 1));
    }
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", page());
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    dir.write("crawl.warc", &record.repeat(9));
    dir.write("pages.jsonl", &(serde_json::json!({ "html": page() }).to_string() + "\n").repeat(5));
    let run = |jobs| {
        let args =
            ["-r", "site", "crawl.warc", "pages.jsonl", "--jsonl", "html", "-n", "-j", jobs, "--html-report", "r.html"];
        assert_eq!(dir.run(&args).document(), "");
        dir.read("r.html")
    };
    let html = run("1");
    assert_eq!(html.matches("<section").count(), 44);
    let places =
        ["site/10.html", "site/39.html", "record 1</span>", "record 9</span>", "line 1</span>", "line 5</span>"];
    let places = places.map(|name| html.find(name).unwrap());
    assert!(places.is_sorted(), "{places:?}");
    assert!(html.contains("<p class=url><bdi>https://a.example/</bdi></p>"));
    assert!(run("5") == html);
}

#[test]
fn long_pages_are_shown_around_the_cuts() {
    let dir = Dir::new();
    let long = "<p>Rye is up.</p>".repeat(70_000);
    dir.write("long.html", &format!("{long}{}{long}", page()));
    dir.write("short.html", &format!("{}{}", page(), "<p>Rye is up.</p>".repeat(1000)));
    dir.run(&["-n", "--html-report", "r.html", "long.html", "short.html"]).document();
    let html = dir.read("r.html");
    assert_eq!(html.matches("bytes not shown").count(), 2);
    assert_eq!(html.matches("<del").count(), 4);
    assert!(html.matches("Rye is up.").count() > 1000 && html.len() < 300_000, "{}", html.len());
    // Nothing is shown of a page from which nothing was cut, where there are many.
    dir.mkdir("site");
    for n in 0..30 {
        dir.write(&format!("site/{n}.html"), &long);
    }
    dir.run(&["-n", "--html-report", "r.html", "-r", "site"]).document();
    assert!(dir.read("r.html").len() < 40_000);
}

#[test]
fn what_failed_has_its_place() {
    let dir = Dir::with_page();
    dir.write("a.pdf", "%PDF-1.7\n");
    let done = dir.run(&["-n", "--html-report", "r.html", "no<.html", "a.pdf", "page.html"]);
    assert_eq!(done.code, Some(1));
    let html = dir.read("r.html");
    let places = [
        "dechaff: no&lt;.html: no such file or directory\nhint: check the path</p>",
        "dechaff: a.pdf: not HTML (PDF): passed through as it is</p>",
        "<bdi>page.html</bdi>",
    ];
    let places = places.map(|text| html.find(text).unwrap_or_else(|| panic!("{html}")));
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(html.matches("<section class=\"page failed\">").count(), 2);
}

#[test]
fn a_report_that_cannot_be_written_stops_no_page() {
    if Path::new("/dev/full").exists() {
        let dir = Dir::with_page();
        let done = dir.run(&["page.html", "--html-report", "/dev/full"]);
        assert_eq!((done.code, done.out.is_empty()), (Some(1), false));
        assert!(done.err.starts_with("dechaff: /dev/full: no space left on device\n"), "{}", done.err);
    }
}

#[test]
fn a_browser_shows_the_report() {
    let dir = Dir::with_page();
    dir.write("evil.html", &hostile());
    dir.run(&["-n", "--html-report", "r.html", "--category", "all", "page.html", "evil.html"]).document();
    let failed = dir.run(&["-n", "--html-report", "f.html", "no.html"]);
    assert_eq!(failed.code, Some(1));
    let path = fs::canonicalize(dir.path().join("r.html")).unwrap();
    let Some((dom, log)) = browse(&path, "") else { return };
    assert!(dom.contains("<title>What went - dechaff</title>"), "{log}\n{dom}");
    for word in ["Content Security Policy", "Uncaught", "evil.example", "net::ERR"] {
        assert!(!log.contains(word), "{log}");
    }
    // The script ran: the totals come first now. Nothing of a page became an element.
    assert!(dom.find("<aside").unwrap() < dom.find("<main").unwrap());
    let main = between(&dom, "<main>", "</main>");
    assert!(!main.contains("<script") && !main.contains("<img") && !main.contains("<svg onload"), "{main}");
    assert_eq!((main.matches("<section").count(), main.matches("</section>").count()), (2, 2));
    assert!(!main.contains("class=\"cut share-widget off"));

    // What the address hides is hidden: a category, a rule, what was kept, and pages of which nothing is left.
    let (dom, _) = browse(&path, "#hide=share-widget,cookie-notice%3Aonetrust%2Fdialog,pages").unwrap();
    let off = |dom: &str, tag: &str| {
        dom.split(&format!("<{tag} ")).skip(1).filter(|rest| rest.split('>').next().unwrap().contains(" off")).count()
    };
    assert_eq!((off(&dom, "tr"), off(&dom, "del"), off(&dom, "mark")), (4, 3, 1));
    assert_eq!((dom.matches("class=\"page off-page\"").count(), dom.matches("class=\"page\"").count()), (1, 1));
    // What failed is never hidden.
    let path = fs::canonicalize(dir.path().join("f.html")).unwrap();
    let (dom, _) = browse(&path, "#hide=pages").unwrap();
    assert_eq!(dom.matches("<section class=\"page failed\">").count(), 1);
}
