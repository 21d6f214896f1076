//! The command-line tool on compressed input.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use tool::{CLEAN, Dir, SHARE, page};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn unzstd(bytes: &[u8]) -> String {
    String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap()
}

#[test]
fn what_is_packed_is_packed_again() {
    let dir = Dir::new();
    // By its bytes, whatever its name says.
    dir.write_bytes("page.html", &gzip(page().as_bytes()));
    dir.write_bytes("page.gz", &zstd(page().as_bytes()));
    dir.write("plain.gz", &page());
    assert_eq!(gunzip(&dir.run(&["page.html"]).out), CLEAN);
    assert_eq!(unzstd(&dir.run(&["page.gz"]).out), CLEAN);
    assert_eq!(dir.run(&["plain.gz"]).document(), CLEAN);
    assert_eq!(gunzip(&dir.pipe(&[], &gzip(page().as_bytes())).out), CLEAN);
    assert_eq!(unzstd(&dir.pipe(&[], &zstd(page().as_bytes())).out), CLEAN);
    assert_eq!(dir.run(&["page.html", "-o", "clean.html.gz"]).document(), "");
    assert_eq!(gunzip(&dir.read_bytes("clean.html.gz")), CLEAN);
}

#[test]
fn all_members_and_frames_are_read() {
    let dir = Dir::new();
    let filler = "<p>Rye is up.</p>".repeat(20_000);
    let text = format!("{filler}{SHARE}{filler}");
    let (first, second) = text.as_bytes().split_at(filler.len() + 20);
    let done = dir.pipe(&[], &[gzip(first), gzip(b""), gzip(second)].concat());
    assert_eq!((done.code, gunzip(&done.out) == format!("{filler}{filler}")), (Some(0), true));
    let done = dir.pipe(&[], &[zstd(first), zstd(second)].concat());
    assert_eq!((done.code, unzstd(&done.out) == format!("{filler}{filler}")), (Some(0), true));
}

#[test]
fn a_folder_has_packed_pages() {
    let dir = Dir::new();
    dir.mkdir("site");
    dir.write_bytes("site/a.html.gz", &gzip(page().as_bytes()));
    dir.write_bytes("site/b.htm.zst", &zstd(page().as_bytes()));
    dir.write_bytes("site/c.css.gz", &gzip(page().as_bytes()));
    let same = gzip(CLEAN.as_bytes());
    dir.write_bytes("site/d.html.gz", &same);
    assert_eq!(dir.run(&["-ri", "site"]).document(), "");
    assert_eq!(gunzip(&dir.read_bytes("site/a.html.gz")), CLEAN);
    assert_eq!(unzstd(&dir.read_bytes("site/b.htm.zst")), CLEAN);
    assert_eq!(gunzip(&dir.read_bytes("site/c.css.gz")), page());
    assert_eq!(dir.read_bytes("site/d.html.gz"), same);
}

/// Not one byte that could be unpacked is missing on standard output, and no half file is left.
#[test]
fn data_that_is_cut_off_is_told() {
    // What compresses badly, so that half of the data is half of the page.
    let noise = |n: u32| format!("<p>{:x}</p>", n.wrapping_mul(2_654_435_761).rotate_left(n % 31));
    let text: String = (0..20_000).map(noise).collect();
    let gzip = gzip(text.as_bytes());
    let zstd = zstd(text.as_bytes());
    for (packed, name) in [(&gzip, "gzip"), (&zstd, "zstd")] {
        let dir = Dir::new();
        let half = &packed[..packed.len() / 2];
        dir.write_bytes("page.html", half);
        dir.write("clean.html", "old");
        let done = dir.run(&["page.html"]);
        let hint = "hint: get the file again; on standard output, what could be unpacked comes out";
        assert_eq!(done.err, format!("dechaff: page.html: the {name} data ends too early\n{hint}\n"));
        assert_eq!(done.code, Some(1));
        let out = if name == "gzip" { gunzip(&done.out) } else { unzstd(&done.out) };
        assert!(text.starts_with(&out) && out.len() > text.len() / 4, "{} of {} bytes", out.len(), text.len());
        let mut known = Vec::new();
        let end = match name {
            "gzip" => MultiGzDecoder::new(half).read_to_end(&mut known),
            _ => zstd::Decoder::new(half).unwrap().read_to_end(&mut known),
        };
        assert!(end.is_err());
        assert_eq!(out.len(), known.len());
        for args in
            [["page.html", "-o", "clean.html"].as_slice(), &["page.html", "-o", "new.html"], &["-i", "page.html"]]
        {
            assert!(dir.run(args).refusal(1).contains("ends too early"));
        }
        assert_eq!((dir.read("clean.html"), dir.read_bytes("page.html")), ("old".to_owned(), half.to_vec()));
        assert_eq!(dir.names(), ["clean.html", "page.html"]);
    }
}

#[test]
fn data_that_is_damaged_is_told() {
    let dir = Dir::new();
    let mut packed = gzip(page().repeat(100).as_bytes());
    let end = packed.len() - 6;
    packed[end] ^= 1;
    let done = dir.pipe(&[], &packed);
    assert_eq!((done.code, gunzip(&done.out)), (Some(1), CLEAN.repeat(100)));
    assert!(done.err.starts_with("dechaff: -: the gzip data is damaged\nhint: "), "{}", done.err);
    // Behind the data stands something that is none.
    let done = dir.pipe(&[], &[gzip(page().as_bytes()), b"more".repeat(10)].concat());
    assert_eq!((done.code, gunzip(&done.out)), (Some(1), CLEAN.to_owned()));
    let done = dir.pipe(&[], &[&zstd(page().as_bytes())[..], b"more"].concat());
    assert_eq!(done.code, Some(1));
    assert!(done.err.contains("the zstd data "), "{}", done.err);
}

#[test]
fn what_only_begins_like_packed_data_passes() {
    let dir = Dir::new();
    for bytes in [b"\x1f".as_slice(), b"\x1f\x8b", b"\x1f\x8bno", b"\x28\xb5", b"\x28\xb5\x2f<p>"] {
        let done = dir.pipe(&[], bytes);
        assert_eq!((done.code, &*done.out, &*done.err), (Some(0), bytes, ""));
    }
}

#[test]
fn a_packed_file_that_is_no_page_stays() {
    let dir = Dir::new();
    let packed = gzip(b"%PDF-1.7 and so on");
    dir.write_bytes("a.html.gz", &packed);
    let err = dir.run(&["-i", "a.html.gz"]).refusal(1);
    assert_eq!(err, "dechaff: a.html.gz: not HTML (PDF): passed through as it is\n");
    assert_eq!(fs::read(dir.path().join("a.html.gz")).unwrap(), packed);
}

/// One layer is unpacked. What is packed in it is no page, and is left as it is.
#[test]
fn what_is_packed_twice_comes_out_as_it_is() {
    let dir = Dir::new();
    let inner = gzip(page().as_bytes());
    let done = dir.pipe(&[], &gzip(&inner));
    assert_eq!(done.code, Some(1));
    assert!(done.err.contains("compressed (gzip); unpack it first"), "{}", done.err);
    let mut out = Vec::new();
    MultiGzDecoder::new(&*done.out).read_to_end(&mut out).unwrap();
    assert_eq!(out, inner);
}
