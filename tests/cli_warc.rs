//! The command-line tool on WARC archives.

#[path = "fixtures/tool.rs"]
mod tool;

use std::io::{Read, Write};

use data_encoding::{BASE32, HEXLOWER};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use tool::{CLEAN, Dir, Done, lines, page};

fn sha1(bytes: &[u8]) -> String {
    format!("sha1:{}", BASE32.encode(&Sha1::digest(bytes)))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // Another level than the tool's own, so that a copy can be told from what was packed again.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

/// A record with `fields` and the right length.
fn record(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!("WARC/1.0\r\nWARC-Type: {kind}\r\n{fields}Content-Length: {}\r\n\r\n", block.len());
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A response with digests, as crawlers write it.
fn response(url: &str, http: &str, body: &[u8]) -> Vec<u8> {
    let block = [http.as_bytes(), b"\r\n\r\n", body].concat();
    let fields = format!(
        "WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n\
         WARC-Block-Digest: {}\r\nwarc-payload-digest:{}\r\n",
        sha1(&block),
        sha1(body)
    );
    record("response", &fields, &block)
}

fn html(url: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    response(url, &format!("HTTP/1.1 200 OK\r\ncontent-type:Text/HTML\r\nContent-Length: {length}"), body.as_bytes())
}

/// What no one asked to clean.
fn others() -> Vec<Vec<u8>> {
    let share = page();
    vec![
        record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: test/1\r\n"),
        record("request", "Content-Type: application/http; msgtype=request\r\n", b"GET / HTTP/1.1\r\n\r\n"),
        response("https://example.org/a.css", "HTTP/1.1 200 OK\r\nContent-Type: text/css", share.as_bytes()),
        response("dns:example.org", "no http", share.as_bytes()),
        record("metadata", "Content-Type: text/html\r\n", share.as_bytes()),
        record("revisit", "", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        record("response", "WARC-Segment-Number: 1\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
    ]
}

fn clean(input: &[u8]) -> Done {
    Dir::new().pipe(&[], input)
}

#[track_caller]
fn assert_clean(input: &[u8], expected: &[u8]) {
    let done = clean(input);
    assert_eq!((done.code, &*done.err), (Some(0), ""));
    assert!(done.out == expected, "{}\n---\n{}", done.out.escape_ascii(), expected.escape_ascii());
}

#[test]
fn responses_are_cleaned_and_all_else_stays() {
    let (dirty, clean) = (html("https://a.example/", &page()), html("https://a.example/", CLEAN));
    // Nothing is cut from this one: even a wrong digest stays.
    let same = record(
        "response",
        "WARC-Block-Digest: sha1:AAAA\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n<p>Rye is up.</p>",
    );
    let around = others().concat();
    assert_clean(&[&*around, &dirty, &same, &dirty].concat(), &[&*around, &clean, &same, &clean].concat());
}

#[test]
fn resources_are_cleaned() {
    let resource = |page: &str| {
        let digest = sha1(page.as_bytes());
        let fields = format!("Content-Type: text/html; charset=utf-8\r\nWARC-Block-Digest: {digest}\r\n");
        record("resource", &fields, page.as_bytes())
    };
    assert_clean(&resource(&page()), &resource(CLEAN));
}

#[test]
fn the_charset_of_the_header_counts() {
    let http = "HTTP/1.1 200 OK\r\nContent-Type: application/xhtml+xml; charset=windows-1251";
    let body = |blurb: &[u8]| [b"<p>\xd0\xee\xe6\xfc</p>".as_slice(), blurb].concat();
    let blurb = b"<p>\xcf\xee\xe4\xef\xe8\xf8\xe8\xf2\xe5\xf1\xfc \xed\xe0 \xed\xe0\xf8\xf3 \xf0\xe0\xf1\xf1\xfb\xeb\xea\xf3</p>";
    let dir = Dir::new();
    let done = dir.pipe(&["--report", "-"], &response("u", http, &body(blurb)));
    assert!(done.out == response("u", http, &body(b"")), "{}", done.out.escape_ascii());
    let lines = lines(&done.err);
    let (_, summary) = lines.last().unwrap();
    assert_eq!(summary["encoding"], "windows-1251");
    assert_eq!(summary["encoding_evidence"], "content-type");
}

#[test]
fn digests_keep_their_kind() {
    let kinds: [fn(&[u8]) -> String; 4] = [
        |bytes| format!("md5:{}", HEXLOWER.encode(&Md5::digest(bytes))),
        |bytes| format!("sha1:{}", HEXLOWER.encode(&Sha1::digest(bytes))),
        |bytes| format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes))),
        |bytes| format!("SHA-256:{}", BASE32.encode(&Sha256::digest(bytes)).to_lowercase()),
    ];
    for kind in kinds {
        let record = |page: &str| {
            let fields = format!("Content-Type: text/html\r\nWARC-Payload-Digest: {}\r\n", kind(page.as_bytes()));
            record("resource", &fields, page.as_bytes())
        };
        assert_clean(&record(&page()), &record(CLEAN));
    }
    let odd = record("resource", "Content-Type: text/html\r\nWARC-Block-Digest: crc:77\r\n", page().as_bytes());
    let done = clean(&odd);
    assert_eq!((done.code, done.out), (Some(1), odd));
    let why = "its digest 'crc:77' is of a kind that is not known; it is as it was";
    assert_eq!(done.err, format!("dechaff: -: record 1 at byte 0: {why}\n"));
}

/// Some digest chunks and compression with the payload, some do not: it is done as it was.
#[test]
fn chunks_and_compression_are_put_back() {
    let http = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html";
    let chunks = |text: &[u8], size: usize| {
        let mut body = Vec::new();
        for chunk in text.chunks(size) {
            body.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        }
        [&*body, b"0\r\nX-Trailer: y\r\n\r\n"].concat()
    };
    let record = |http: &str, body: &[u8], payload: &[u8]| {
        let block = [http.as_bytes(), b"\r\n\r\n", body].concat();
        record("response", &format!("WARC-Payload-Digest: {}\r\n", sha1(payload)), &block)
    };
    let (old, new) = (chunks(page().as_bytes(), 30), chunks(CLEAN.as_bytes(), 1000));
    assert_clean(&record(http, &old, &old), &record(http, &new, &new));
    assert_clean(&record(http, &old, page().as_bytes()), &record(http, &new, CLEAN.as_bytes()));
    // Crawlers that put chunks together leave the head as it was.
    assert_clean(
        &record(http, page().as_bytes(), page().as_bytes()),
        &record(http, CLEAN.as_bytes(), CLEAN.as_bytes()),
    );
    // So do those that unpack.
    let http = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html";
    assert_clean(
        &record(http, page().as_bytes(), page().as_bytes()),
        &record(http, CLEAN.as_bytes(), CLEAN.as_bytes()),
    );
    for chunked in [false, true] {
        let http = if chunked { format!("{http}\r\nTransfer-Encoding: chunked") } else { http.to_owned() };
        let wrap = |bytes: Vec<u8>| if chunked { chunks(&bytes, 20) } else { bytes };
        let done = clean(&record(&http, &wrap(gzip(page().as_bytes())), page().as_bytes()));
        assert_eq!((done.code, &*done.err), (Some(0), ""));
        let text = done.out.escape_ascii().to_string();
        assert!(text.contains(&format!("WARC-Payload-Digest: {}\\r", sha1(CLEAN.as_bytes()))), "{text}");
        let magic = done.out.windows(3).position(|bytes| bytes == b"\x1f\x8b\x08").unwrap();
        let mut page = String::new();
        flate2::bufread::GzDecoder::new(&done.out[magic..]).read_to_string(&mut page).unwrap();
        assert_eq!(page, CLEAN);
        // What was written is read again, and is clean.
        assert_clean(&done.out, &done.out);
    }
}

#[test]
fn bodies_that_cannot_be_read_stay() {
    let packed = gzip(page().as_bytes());
    let cases: [(&str, &[u8], &str); 4] = [
        ("Transfer-Encoding: chunked", b"5\r\n<p>Ry\r\n9\r\ne is", "its chunks are damaged or cut off"),
        ("Content-Encoding: br", b"\x8b\x03\x80", "its body is compressed with br, which can't be unpacked here"),
        ("Content-Encoding: gzip", &packed[..packed.len() - 9], "its gzip body is damaged or cut off"),
        ("X: y", b"%PDF-1.4", "not HTML (PDF)"),
    ];
    let mut archive = html("https://a.example/", &page());
    let mut expected = html("https://a.example/", CLEAN);
    let mut messages = String::new();
    for (number, (field, body, why)) in cases.iter().enumerate() {
        let at = archive.len();
        let record = response("u", &format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{field}"), body);
        archive.extend_from_slice(&record);
        expected.extend_from_slice(&record);
        messages.push_str(&format!("dechaff: -: record {} at byte {at}: {why}; it is as it was\n", number + 2));
    }
    messages.push_str("dechaff: -: 4 of 5 records could not be cleaned\n");
    let done = clean(&archive);
    assert_eq!((done.code, done.err), (Some(1), messages));
    assert!(done.out == expected);
}

#[test]
fn records_are_packed_one_by_one() {
    let (dirty, new) = (html("https://a.example/", &page()), html("https://a.example/", CLEAN));
    let others = others();
    let packed: Vec<_> = others.iter().map(|record| gzip(record)).collect();
    let dir = Dir::new();
    dir.write_bytes("crawl.warc.gz", &[&*packed.concat(), &gzip(&dirty), &packed[0]].concat());
    assert_eq!(dir.run(&["crawl.warc.gz", "-o", "clean.warc.gz"]).document(), "");
    let out = dir.read_bytes("clean.warc.gz");
    assert!(gunzip(&out) == [&*others.concat(), &new, &others[0]].concat());
    // Those that are the same are copied as they were packed; the other one is a member by itself.
    let rest = out.strip_prefix(&*packed.concat()).unwrap().strip_suffix(&*packed[0]).unwrap();
    let mut one = Vec::new();
    flate2::bufread::GzDecoder::new(rest).read_to_end(&mut one).unwrap();
    assert!(one == new);
    // Nothing to cut: nothing to write.
    assert_eq!(dir.run(&["-i", "clean.warc.gz"]).document(), "");
    assert!(dir.read_bytes("clean.warc.gz") == out);
    assert!(dir.pipe(&[], &out).out == out);
}

#[test]
fn archives_that_are_packed_otherwise_are_read() {
    let records = [others().concat(), html("https://a.example/", &page())].concat();
    let expected = [others().concat(), html("https://a.example/", CLEAN)].concat();
    // As one member; as members that end anywhere.
    assert!(gunzip(&clean(&gzip(&records)).out) == expected);
    let members: Vec<_> = records.chunks(700).flat_map(gzip).collect();
    assert!(gunzip(&clean(&members).out) == expected);
    let done = clean(&zstd::encode_all(&*records, 3).unwrap());
    assert!(zstd::decode_all(&*done.out).unwrap() == expected);
}

#[test]
fn many_records_keep_their_order_and_are_reported() {
    let dir = Dir::new();
    let (mut archive, mut expected) = (Vec::new(), Vec::new());
    for n in 0..500 {
        let filler = "<p>Rye is up.</p>".repeat(if n % 50 == 0 { 5000 } else { n % 7 });
        let url = format!("<https://a.example/{n}>");
        archive.extend(html(&url, &format!("{filler}{}", page())));
        expected.extend(html(&url, &format!("{filler}{CLEAN}")));
        archive.extend(others().concat());
        expected.extend(others().concat());
    }
    dir.write_bytes("crawl.warc", &archive);
    for jobs in ["1", "4"] {
        let report = format!("{jobs}.jsonl");
        let done = dir.run(&["-j", jobs, "crawl.warc", "--report", &report]);
        assert_eq!((done.code, &*done.err), (Some(0), ""));
        assert!(done.out == expected);
    }
    assert!(dir.read("1.jsonl") == dir.read("4.jsonl"));
    let lines = lines(&dir.read("1.jsonl"));
    assert_eq!(lines.len(), 1500);
    for (n, page) in lines.chunks(3).enumerate() {
        for (_, data) in page {
            assert_eq!(data["record"], n * 8 + 1);
            assert_eq!(data["url"], format!("https://a.example/{n}"));
            assert_eq!(data["input"], "crawl.warc");
        }
    }
}

/// Cut short at each byte, or with one byte more: what comes out is all there, and what follows a broken record is as it
/// was.
#[test]
fn a_broken_record_is_told_and_all_that_follows_stays() {
    let (dirty, new) = (html("u", &page()), html("u", CLEAN));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let cases = [
        (text(&dirty).replacen("WARC/1.0", "WARK/1.0", 1), "it does not begin with WARC/"),
        (format!("\r\n{}", text(&dirty)), "it does not begin with WARC/"),
        (text(&dirty).replacen("Content-Length: ", "Content-Lenght: ", 2), "it has no Content-Length"),
        (text(&dirty).replacen("\r\nContent-Length: ", "\r\nContent-Length: -", 2), "it has no Content-Length"),
        (text(&dirty).replace("</p>\r\n\r\n", "</p>!\r\n\r\n"), "it does not end where its Content-Length says"),
        (text(&dirty).replace("So is spelt", "So is"), "it does not end where its Content-Length says"),
        (
            text(&record("response", "", b"<p>")).replace("3\r\n", "99999999999\r\n"),
            "the archive ends in the middle of it",
        ),
        (text(&record("response", "", b"<p>")).replace("3\r\n", "99999\r\n"), "the archive ends in the middle of it"),
    ];
    for (broken, why) in cases {
        let rest = [broken.as_bytes(), &dirty].concat();
        let message = format!(
            "dechaff: -: record 2 at byte {}: {why}; it is as it was, and so is all that follows\n",
            dirty.len()
        );
        let done = clean(&[&*dirty, &rest].concat());
        assert_eq!((done.code, &done.err), (Some(1), &message));
        assert!(done.out == [&*new, &rest].concat(), "{}", done.out.escape_ascii());
        // Packed record by record, and all as one.
        let packed = gzip(&rest);
        let done = clean(&[gzip(&dirty), packed.clone()].concat());
        assert_eq!((done.code, done.err.contains(why)), (Some(1), true), "{}", done.err);
        assert!(gunzip(&done.out) == [&*new, &rest].concat());
        // One that says it is too long was unpacked before the end showed that it is not.
        assert!(done.out.ends_with(&packed) || broken.contains("99999999999"), "{why}: the rest was packed again");
        let done = clean(&gzip(&[&*dirty, &rest].concat()));
        assert_eq!(
            (done.code, done.err),
            (Some(1), message.replace(": it ", " unpacked: it ").replace(": the archive", " unpacked: the archive"))
        );
        assert!(gunzip(&done.out) == [&*new, &rest].concat());
    }
}

#[test]
fn an_archive_cut_short_loses_nothing() {
    let (dirty, new) = (html("u", &page()), html("u", CLEAN));
    for end in (1..dirty.len()).step_by(37).chain([dirty.len() - 3, dirty.len() - 1]) {
        let done = clean(&[&*dirty, &dirty[..end]].concat());
        assert_eq!(done.code, Some(1), "{end}");
        assert!(done.out == [&*new, &dirty[..end]].concat(), "{end}");
        assert_eq!(done.err.lines().count(), 1);
    }
    let packed = gzip(&dirty);
    for end in (1..packed.len()).step_by(23).chain([packed.len() - 1]) {
        let done = clean(&[&*packed, &packed[..end]].concat());
        assert_eq!(done.code, Some(1), "{end}");
        assert!(done.out.ends_with(&packed[..end]), "{end}");
        assert!(gunzip(&done.out[..done.out.len() - end]) == new, "{end}");
    }
    // The same in a file: what could be cleaned is, the rest is there.
    let dir = Dir::new();
    dir.write_bytes("crawl.warc.gz", &[&*packed, &packed[..40]].concat());
    assert_eq!(dir.run(&["-i", "crawl.warc.gz"]).code, Some(1));
    let out = dir.read_bytes("crawl.warc.gz");
    assert!(out.ends_with(&packed[..40]) && gunzip(&out[..out.len() - 40]) == new);
}

/// As `dechaff crawl.warc | head -c 1` does it.
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = Dir::new();
    dir.write_bytes("crawl.warc", &html("u", &page().repeat(100)).repeat(200));
    let mut child = dir.command(&["crawl.warc", "crawl.warc"]).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    assert_eq!(first, *b"W");
}

/// In an archive without chaff there is nothing to change, whatever else is wrong with it.
#[test]
fn a_damaged_archive_stays_as_it_is() {
    let clean_page = html("u", CLEAN);
    let archive = [&*clean_page, &others().concat(), &clean_page].concat();
    for at in (7..archive.len()).step_by(41) {
        for byte in [b'\n', b'9', 0xff] {
            let mut damaged = archive.clone();
            damaged[at] = byte;
            let done = clean(&damaged);
            assert!(matches!(done.code, Some(0 | 1)), "{at}: {}", done.err);
            assert!(done.out == damaged, "{at}: {}", done.out.escape_ascii());
        }
    }
}

/// One record after the other is held in memory, and none that is too long.
#[test]
fn a_record_that_is_too_long_passes() {
    let long = |kind: &str| {
        response("u", &format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}"), &page().repeat(300_000).into_bytes())
    };
    let (video, huge) = (long("video/mp4"), long("text/html"));
    assert!(huge.len() > 64 << 20);
    let (dirty, new) = (html("u", &page()), html("u", CLEAN));
    let done = clean(&[&*video, &dirty, &huge, &dirty].concat());
    assert_eq!(done.code, Some(1));
    assert!(done.err.starts_with(&format!("dechaff: -: record 3 at byte {}: its ", video.len() + dirty.len())));
    assert!(done.err.contains("are more than is held in memory") && done.err.lines().count() == 1, "{}", done.err);
    assert!(done.out == [&*video, &new, &huge, &new].concat());
}
