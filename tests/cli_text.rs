//! The command-line tool where text and Markdown come out.

#[path = "fixtures/tool.rs"]
mod tool;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use flate2::Compression;
use flate2::read::{GzDecoder, MultiGzDecoder};
use flate2::write::GzEncoder;
use sha1::{Digest, Sha1};
use tool::{COOKIES, Dir, page};

const TEXT: &str = "News\n\nRye is up.\n\nMill\n\nSo is spelt.\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

// Pages

#[test]
fn the_text_of_a_clean_page_comes_out() {
    let dir = Dir::with_page();
    assert_eq!(dir.run(&["text", "page.html"]).document(), TEXT);
    assert_eq!(dir.pipe(&["text"], page().as_bytes()).document(), TEXT);
    assert_eq!(
        dir.run(&["text", "--links", "page.html"]).document(),
        TEXT.replace("Mill", "Mill <https://x.example/mill>")
    );
    let all = dir.run(&["text", "--category", "all", "page.html"]).document();
    assert_eq!(all, TEXT.replace("Mill\n\n", ""));
    assert!(dir.run(&["text", "--category", "share-widget", "page.html"]).document().contains("We value your privacy"));
    assert_eq!(dir.run(&["text", "--keep", "#onetrust-consent-sdk", "page.html"]).document().lines().count(), 9);
}

#[test]
fn markdown_has_the_structure_of_the_page() {
    let dir = Dir::with_page();
    assert_eq!(
        dir.run(&["markdown", "page.html"]).document(),
        "# News\n\nRye is up.\n\n[Mill](https://x.example/mill)\n\nSo is spelt.\n"
    );
}

#[test]
fn hidden_text_comes_when_asked_for() {
    let page = "<p>a</p><p hidden>b</p><div style='display:none'>c</div>";
    let dir = Dir::new();
    for command in ["text", "markdown"] {
        assert_eq!(dir.pipe(&[command], page.as_bytes()).document(), "a\n");
        assert_eq!(dir.pipe(&[command, "--hidden"], page.as_bytes()).document(), "a\n\nb\n\nc\n");
    }
}

#[test]
fn text_is_utf_8_whatever_the_page_is_in() {
    let dir = Dir::new();
    let koi = b"<meta charset=koi8-r><p>\xF2\xCF\xD6\xD8</p><div class=sharedaddy>Share</div>";
    assert_eq!(dir.pipe(&["text"], koi).document(), "Рожь\n");
    assert_eq!(dir.pipe(&["text", "--encoding", "windows-1252"], b"<p>caf\xE9</p>").document(), "café\n");
    let wide: Vec<_> = "\u{feff}<p>Roggen &ndash; 大麦</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(dir.pipe(&["text"], &wide).document(), "Roggen – 大麦\n");
    // What is malformed is shown to be so.
    assert_eq!(dir.pipe(&["text", "--encoding", "utf-8"], b"<p>a\xFFb</p>").document(), "a\u{fffd}b\n");
    for (length, chunk) in [(1, 70_000), (3, 30_000)] {
        let word = if length == 1 { "a" } else { "麦" }.repeat(chunk);
        assert_eq!(dir.pipe(&["text"], format!("<p>{word}").as_bytes()).document(), format!("{word}\n"));
    }
}

#[test]
fn text_streams() {
    let dir = Dir::new();
    let mut child = dir.command(&["text"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    stdin.write_all(b"<h1>News</h1><p>Rye is up.</p><p>").unwrap();
    // The page has not ended: this comes out none the less.
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "News\n");
    stdin.write_all(b"So is spelt.").unwrap();
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "\nRye is up.\n\nSo is spelt.\n");
    assert!(child.wait().unwrap().success());
}

// Many

#[test]
fn texts_on_standard_output_are_parted() {
    let dir = Dir::with_page();
    dir.write("empty.html", COOKIES);
    dir.write("b.html", "<p>b");
    let out = dir.run(&["text", "page.html", "empty.html", "b.html"]).document();
    assert_eq!(out, format!("{TEXT}\nb\n"));
}

#[test]
fn files_have_the_ending_of_what_is_in_them() {
    let dir = Dir::with_page();
    dir.mkdir("site");
    dir.write("site/a.HTM", "<p>a");
    dir.write_bytes("site/b.html.gz", &gzip(b"<p>b"));
    dir.run(&["text", "-r", "site", "--output-dir", "out"]).document();
    assert_eq!((dir.read("out/a.txt"), dir.read("out/b.txt")), ("a\n".to_owned(), "b\n".to_owned()));
    dir.run(&["markdown", "page.html", "-o", "notes/"]).document();
    assert!(dir.read("notes/page.md").starts_with("# News\n"));
    dir.write("site/a.html", "<p>a");
    let err = dir.run(&["text", "-r", "site", "--output-dir", "more"]).refusal(2);
    assert!(err.starts_with("dechaff: site/a.HTM and site/a.html: both would become more/a.txt\nhint: "), "{err}");
    dir.run(&["text", "page.html", "-o", "named"]).document();
    assert_eq!(dir.read("named"), TEXT);
}

#[test]
fn text_takes_the_place_of_a_page_in_its_line() {
    let dir = Dir::new();
    let html = serde_json::to_string(&page()).unwrap();
    let line = format!("{{\"id\": 1.0,\"html\":{html},\"x\":\"\\u00e9\"}}\nno json\n");
    let done = dir.pipe(&["text", "--jsonl", "html"], line.as_bytes());
    let text = serde_json::to_string(TEXT).unwrap();
    let expected = format!("{{\"id\": 1.0,\"html\":{text},\"x\":\"\\u00e9\"}}\nno json\n");
    assert_eq!((done.code, String::from_utf8(done.out).unwrap()), (Some(1), expected));
    assert!(done.err.contains("line 2: not JSON"), "{}", done.err);
}

#[test]
fn records_become_conversions() {
    let record = |kind: &str, fields: &str, block: &str| {
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\n{fields}Content-Length: {}\r\n\r\n{block}\r\n\r\n", block.len())
    };
    let info = record("warcinfo", "", "software: test\r\n");
    let html = |body: &str| {
        let fields = "WARC-Target-URI: https://example.org/rye\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n\
                      WARC-Record-ID: <urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8>\r\n";
        record("response", fields, &format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}"))
    };
    let broken =
        record("response", "", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\u{1}\u{2}");
    let archive = [&*info, &*record("request", "", "GET / HTTP/1.1\r\n\r\n"), &*html(&page()), &*broken].concat();
    let dir = Dir::new();
    dir.write_bytes("crawl.warc.gz", &gzip(archive.as_bytes()));
    let done = dir.run(&["text", "crawl.warc.gz", "-o", "out/"]);
    let message = "dechaff: crawl.warc.gz: record 4 at byte";
    assert!(done.err.starts_with(message) && done.err.contains("br, which can't be unpacked here; it is left out"));
    assert_eq!(done.code, Some(1));
    let mut text = String::new();
    MultiGzDecoder::new(&*dir.read_bytes("out/crawl.warc.wet.gz")).read_to_string(&mut text).unwrap();
    let (first, second) = text.split_at(info.len());
    assert_eq!(first, info);
    let (head, block) = second.split_once("\r\n\r\n").unwrap();
    assert_eq!(block, format!("{TEXT}\r\n\r\n"));
    let digest = data_encoding::BASE32.encode(&Sha1::digest(TEXT));
    for line in [
        "WARC-Type: conversion",
        "WARC-Target-URI: https://example.org/rye",
        "WARC-Date: 2026-01-01T00:00:00Z",
        "WARC-Refers-To: <urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8>",
        &format!("WARC-Block-Digest: sha1:{digest}"),
        "Content-Type: text/plain; charset=utf-8",
        &format!("Content-Length: {}", TEXT.len()),
    ] {
        assert!(head.lines().any(|found| found == line), "{line}: {head}");
    }
    let id = head.lines().find_map(|line| line.strip_prefix("WARC-Record-ID: <urn:uuid:")).unwrap();
    assert_eq!((id.len(), &id[14..15]), (37, "5"), "{id}");
    // The first member holds a record of its own.
    let mut member = String::new();
    GzDecoder::new(&*dir.read_bytes("out/crawl.warc.wet.gz")).read_to_string(&mut member).unwrap();
    assert!(member.len() < text.len());
}

// What goes wrong

#[test]
fn what_is_no_page_has_no_text() {
    let dir = Dir::with_page();
    dir.write("a.pdf", "%PDF-1.7\n");
    let done = dir.run(&["text", "a.pdf", "page.html"]);
    assert_eq!(done.err, "dechaff: a.pdf: not HTML (PDF)\nhint: name a page\n");
    assert_eq!((done.code, String::from_utf8(done.out).unwrap()), (Some(1), format!("\n{TEXT}")));
    dir.run(&["text", "-i", "page.html"]).refusal(2);
    dir.run(&["markdown", "--diff", "page.html"]).refusal(2);
    assert_eq!(dir.read("page.html"), page());
}

#[test]
fn a_page_that_is_nested_too_deep_is_refused_by_markdown_alone() {
    let dir = Dir::new();
    dir.write("deep.html", &"<div>a".repeat(50_000));
    let done = dir.run(&["markdown", "deep.html"]);
    assert_eq!(
        (done.code, &*done.err),
        (
            Some(1),
            "dechaff: deep.html: more than 512 elements are inside each other: Markdown can't be made of it; \
             'dechaff text' takes it\n"
        )
    );
    assert_eq!(dir.run(&["text", "deep.html"]).document(), "a\n\n".repeat(50_000).trim_end().to_owned() + "\n");
}

#[test]
fn all_that_shows_what_went_works_with_text() {
    let dir = Dir::with_page();
    let done = dir.run(&["text", "--explain", "--report", "r.jsonl", "page.html"]);
    assert_eq!(String::from_utf8(done.out).unwrap(), TEXT);
    assert!(done.err.contains("page.html: cut cookie-notice onetrust/dialog <div> 13-71"), "{}", done.err);
    assert_eq!(dir.read("r.jsonl").lines().count(), 3);
    assert!(dir.run(&["text", "-n", "--stats", "page.html"]).document().starts_with("category "));
    dir.write("d.toml", "category = ['all']\nlinks = true\n");
    assert!(!dir.run(&["text", "--config", "d.toml", "page.html"]).document().contains("Mill"));
    let err = dir.run(&["markdown", "--config", "d.toml", "page.html"]).refusal(2);
    assert!(err.starts_with("dechaff: d.toml: line 2: unknown key 'links'"), "{err}");
}
