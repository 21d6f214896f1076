//! The command-line tool on JSON Lines.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use tool::{CLEAN, Dir, lines, page};

const SHARE: &str = r#"<div class=\"sharedaddy\">Share <b>this<\/b><\/div>"#;

/// Without `SHARE`, nothing else may change: not the order, the spaces, the escapes, nor the ends of lines.
#[test]
fn a_field_is_cleaned_and_all_else_stays() {
    let text = format!(
        concat!(
            r#"{{"id":1, "html" : "<p>caf\u00e9 \ud83c\udf6a\/<\/p>{0}\u003cp>\n","big":12345678901234567890.10,"id":2}}"#,
            "\r\n\n",
            r#"  {{ "z":[1,2 ], "html":"{0}", "a":null }}"#,
            "\n",
            r#"{{"html":null}}"#,
            "\n",
            r#"{{"html":"no chaff \u0041"}}"#
        ),
        SHARE
    );
    let dir = Dir::new();
    assert_eq!(dir.pipe(&["--jsonl", "html"], text.as_bytes()).document(), text.replace(SHARE, ""));
    assert_eq!(dir.pipe(&["--jsonl", "html"], b"").document(), "");
}

#[test]
fn fields_may_be_several_and_lie_deep() {
    let dir = Dir::new();
    let line = format!(r#"{{"b":"{SHARE}<p>","a":{{"c":{{"html":"<p>{SHARE}"}}}},"a.x":"{SHARE}","html":"{SHARE}"}}"#);
    let out = dir.pipe(&["--jsonl", "a.c.html", "--jsonl", "b", "--jsonl=a.x"], line.as_bytes()).document();
    assert_eq!(out, format!(r#"{{"b":"<p>","a":{{"c":{{"html":"<p>"}}}},"a.x":"","html":"{SHARE}"}}"#));
}

#[test]
fn lines_that_cannot_be_cleaned_are_told() {
    let dir = Dir::new();
    let good = format!(r#"{{"html":"{SHARE}"}}"#);
    let bad = ["{\"html\":", "[1]", r#"{"text":"<p>"}"#, r#"{"html":7}"#, r#"{"html":"\ud800"}"#];
    let mut text = vec![good.clone()];
    text.extend(bad.map(str::to_owned));
    text.push(good);
    dir.write("pages.jsonl", &text.join("\n"));
    let done = dir.run(&["--jsonl", "html", "pages.jsonl"]);
    assert_eq!(done.code, Some(1));
    let clean = ["{\"html\":\"\"}"].iter().chain(&bad).chain(&["{\"html\":\"\"}"]).copied().collect::<Vec<_>>();
    assert_eq!(String::from_utf8(done.out).unwrap(), clean.join("\n"));
    let err: Vec<_> = done.err.lines().collect();
    assert_eq!(
        err[0],
        "dechaff: pages.jsonl: line 2: not JSON at column 8: EOF while parsing a value; it is as it was"
    );
    assert_eq!(err[1], "dechaff: pages.jsonl: line 3: no JSON object; it is as it was");
    assert_eq!(err[2], "dechaff: pages.jsonl: line 4: there is no field 'html'; it is as it was");
    assert_eq!(err[3], "dechaff: pages.jsonl: line 5: the field 'html' is no text; it is as it was");
    assert!(err[4].starts_with("dechaff: pages.jsonl: line 6: not JSON at column "), "{}", err[4]);
    assert_eq!(err[5..], ["dechaff: pages.jsonl: 5 of 7 lines could not be cleaned"]);

    let done = dir.pipe(&["--jsonl", "html"], b"{\"html\":\"\xff\"}\n{}");
    assert_eq!((done.code, &*done.out), (Some(1), b"{\"html\":\"\xff\"}\n{}".as_slice()));
    assert!(done.err.starts_with("dechaff: -: line 1: not UTF-8; "), "{}", done.err);
}

#[test]
fn not_every_bad_line_is_told() {
    let done = Dir::new().pipe(&["--jsonl", "html"], "{}\n".repeat(5000).as_bytes());
    assert_eq!((done.code, done.out.len(), done.err.lines().count()), (Some(1), 15_000, 11));
    assert!(done.err.ends_with("dechaff: -: 5000 of 5000 lines could not be cleaned\n"), "{}", done.err);
}

#[test]
fn many_lines_keep_their_order() {
    let dir = Dir::new();
    let (mut text, mut clean) = (String::new(), String::new());
    for n in 0..3000 {
        let filler = "<p>Rye is up.</p>".repeat(if n % 100 == 0 { 3000 } else { n % 7 });
        writeln!(text, r#"{{"url":"https://example.org/{n}","html":"{filler}{SHARE}"}}"#).unwrap();
        writeln!(clean, r#"{{"url":"https://example.org/{n}","html":"{filler}"}}"#).unwrap();
    }
    dir.write("pages.jsonl", &text);
    for jobs in ["1", "4", "100000"] {
        let report = format!("{jobs}.jsonl");
        assert!(dir.run(&["-j", jobs, "--jsonl=html", "pages.jsonl", "--report", &report]).document() == clean);
    }
    assert!(dir.read("1.jsonl") == dir.read("4.jsonl"));
    let lines = lines(&dir.read("1.jsonl"));
    assert_eq!(lines.len(), 6000);
    for (n, pair) in lines.chunks(2).enumerate() {
        assert_eq!((&*pair[0].0, &*pair[1].0), ("cut", "summary"));
        for (_, data) in pair {
            assert_eq!((&data["record"], &data["field"]), (&(n + 1).into(), &"html".into()));
            assert_eq!(data["url"], format!("https://example.org/{n}"));
        }
    }
}

#[test]
fn pages_are_still_pages() {
    let dir = Dir::with_page();
    dir.mkdir("site");
    dir.write("site/a.html", &page());
    let line = format!("{{\"html\":\"{SHARE}\"}}\n");
    dir.write("site/b.jsonl", &line);
    dir.write_bytes("site/c.jsonl.zst", &zstd::encode_all(line.as_bytes(), 3).unwrap());
    dir.write("site/d.json", &line);
    assert_eq!(dir.run(&["-r", "site", "-i", "--jsonl", "html"]).document(), "");
    assert_eq!((dir.read("site/a.html"), dir.read("site/b.jsonl")), (CLEAN.to_owned(), "{\"html\":\"\"}\n".to_owned()));
    assert_eq!(zstd::decode_all(&*dir.read_bytes("site/c.jsonl.zst")).unwrap(), b"{\"html\":\"\"}\n");
    assert_eq!(dir.read("site/d.json"), line);
}

#[cfg(unix)]
#[test]
fn lines_without_chaff_are_not_touched_in_place() {
    use std::os::unix::fs::MetadataExt;
    let dir = Dir::new();
    dir.write("a.jsonl", "{\"html\":\"<p>\"}\n{\"html\":null}");
    let inode = || std::fs::metadata(dir.path().join("a.jsonl")).unwrap().ino();
    let before = inode();
    assert_eq!(dir.run(&["-i", "a.jsonl", "--jsonl", "html"]).document(), "");
    assert_eq!(inode(), before);
}

/// Only lines of a size that can be held in memory are looked at.
#[test]
fn a_line_that_is_too_long_passes() {
    let short = format!("{{\"html\":\"{SHARE}\"}}\n");
    let long = format!("{{\"html\":\"{}{SHARE}\"}}\n", "Rye is up. ".repeat(6_200_000));
    assert!(long.len() > 64 << 20);
    let done = Dir::new().pipe(&["--jsonl", "html"], [&*short, &long, &short].concat().as_bytes());
    assert_eq!(done.code, Some(1));
    assert_eq!(done.err, "dechaff: -: line 2: longer than what is held in memory; it is as it was\n");
    assert!(done.out == ["{\"html\":\"\"}\n", &long, "{\"html\":\"\"}\n"].concat().as_bytes());
}

#[test]
fn lines_that_are_cut_off_come_out_as_far_as_they_can() {
    let dir = Dir::new();
    let line = format!("{{\"html\":\"{SHARE}\"}}\n");
    let whole = zstd::encode_all(line.repeat(3).as_bytes(), 3).unwrap();
    let next = zstd::encode_all(line.repeat(50).as_bytes(), 3).unwrap();
    let input = [&*whole, &next[..next.len() - 9]].concat();
    let done = dir.pipe(&["--jsonl", "html"], &input);
    assert_eq!(done.code, Some(1));
    assert!(zstd::decode_all(&*done.out).unwrap().starts_with("{\"html\":\"\"}\n".repeat(3).as_bytes()));
    assert!(done.err.starts_with("dechaff: -: the zstd data ends too early\nhint: "), "{}", done.err);
    dir.write_bytes("a.jsonl", &input);
    assert!(dir.run(&["--jsonl", "html", "-i", "a.jsonl"]).refusal(1).contains("ends too early"));
    assert_eq!((dir.names(), dir.read_bytes("a.jsonl")), (vec!["a.jsonl".to_owned()], input));
}

/// A line comes out before the next one has come in.
#[test]
fn lines_stream() {
    let mut child = Dir::new().command(&["--jsonl", "html"]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    writeln!(stdin, "{{\"html\":\"<p>{SHARE}\"}}").unwrap();
    let (tell, early) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut seen = [0; 1000];
        let n = stdout.read(&mut seen).unwrap();
        tell.send(seen[..n].to_vec()).unwrap();
        let mut rest = Vec::new();
        stdout.read_to_end(&mut rest).unwrap();
    });
    let early = early.recv_timeout(Duration::from_secs(10)).expect("nothing came out");
    assert!(early.starts_with(b"{\"html\":\"<p>\"}"), "{}", early.escape_ascii());
    drop(stdin);
    reader.join().unwrap();
    assert!(child.wait().unwrap().success());
}
