//! Each example of the library runs and prints what it should. Those that ask for a network are in `examples_net.rs`.

#[path = "fixtures/example.rs"]
mod example;

use std::fs;

use example::{root, run};

const PAGE: &str = "<h1>Rye</h1><p>Rye is up.</p><div class=\"sharedaddy\">Share this</div>\
    <div id=\"onetrust-consent-sdk\">We value your privacy</div>\n";
const JOB: &str = "corpus/job-ad/source.html";

#[test]
fn stdin_is_a_pipe() {
    let (out, err) = run("stdin", &[], PAGE.as_bytes());
    assert_eq!(out, "<h1>Rye</h1><p>Rye is up.</p>\n");
    assert_eq!(err, "98 of 128 bytes cut\n");
}

#[test]
fn file_says_what_was_cut() {
    let (out, err) = run("file", &[JOB], b"");
    assert_eq!(out, fs::read_to_string(root().join("corpus/job-ad/expected.html")).unwrap());
    assert!(err.lines().any(|line| line.starts_with("cut  ")), "{err}");
}

#[test]
fn categories_cuts_nothing_else() {
    let (out, err) = run("categories", &[JOB], b"");
    assert!(out.contains("<h1"), "{out}");
    assert_eq!(err.lines().count(), 3, "{err}");
    assert!(err.starts_with("corpus/job-ad/source.html: ") && err.contains(" cookie-notice\n"), "{err}");
}

#[cfg(feature = "rules")]
#[test]
fn custom_rules_are_those_of_the_house() {
    let page = "<p>Rye</p><p class=teaser>Subscribe now</p><p class=teaser>Next: spelt</p><p class=promo>Mugs</p>\
        <aside data-kind=related>More</aside><i class=ad-slot></i><div id=cookie-policy>We use cookies</div>";
    let (out, err) = run("custom_rules", &["https://news.example/rye"], page.as_bytes());
    assert_eq!(out, "<p>Rye</p><p class=teaser>Next: spelt</p><div id=cookie-policy>We use cookies</div>");
    assert_eq!(
        err,
        "subscription by house/teaser\ncustom by ours/##.promo\ncustom by remove/aside[data-kind=related]\n\
         custom by ours/##.ad-slot\n"
    );
    let (out, _) = run("custom_rules", &["https://other.example/"], page.as_bytes());
    assert!(out.contains("Mugs"), "{out}");
}

#[test]
fn statistics_are_those_of_all_pages() {
    let pages = ["corpus/job-ad/source.html", "corpus/docs-site/source.html", JOB];
    let (out, err) = run("statistics", &pages, b"");
    assert_eq!(err, "");
    assert!(out.contains("cut cookie-notice cookieconsent/window: 1, 758 bytes\n"), "{out}");
    assert!(out.contains("kept subscription, quotation: 1\n") && out.ends_with("stopped: 0\n"), "{out}");
    // A page that comes twice counts twice.
    let (once, _) = run("statistics", &[JOB], b"");
    let (twice, _) = run("statistics", &[JOB, JOB], b"");
    let first = |text: &str| text.lines().next().unwrap().to_owned();
    assert_ne!(first(&once), first(&twice));
}

#[test]
fn before_scraper_there_is_less_to_select() {
    let (out, err) =
        run("before_scraper", &["corpus/republished-news/source.html", "corpus/ghost-post/source.html"], b"");
    let counts: Vec<Vec<usize>> =
        out.lines().map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect()).collect();
    assert_eq!(counts.len(), 2);
    for line in counts {
        let [count, bytes, left, bytes_left, cuts] = line[..] else { panic!("{out}") };
        assert!(left < count && bytes_left < bytes && cuts > 0 && left > 0, "{out}");
    }
    assert!(err.starts_with("selected in all of it in "), "{err}");
}

#[test]
fn warc_text_is_that_of_the_pages() {
    let record = |kind: &str, content_type: &str, body: &[u8]| {
        let message = [format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n").as_bytes(), body].concat();
        let head = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://rye.example/{kind}\r\nContent-Length: {}\r\n\r\n",
            message.len()
        );
        [head.as_bytes(), &message, b"\r\n\r\n"].concat()
    };
    let archive = [
        record("warcinfo", "text/plain", b"software: ours"),
        record(
            "response",
            "text/html; charset=latin1",
            b"<h1>Caf\xE9</h1><script>x()</script><p class=sharedaddy>Share</p>",
        ),
        record("response", "image/gif", b"GIF89a\r\n\r\nWARC/1.1"),
        record("response", "text/html", PAGE.as_bytes()),
        record("response", "text/html", b"\x1f\x8b\x08\0"),
    ]
    .concat();
    let (out, err) = run("warc_text", &[], &archive);
    let page = |text: &str| format!("http://rye.example/response\n{text}\n\n");
    assert_eq!(out, page("Café") + &page("Rye\nRye is up."));
    assert_eq!(err, "http://rye.example/response: compressed (gzip); unpack it first\n");
}
