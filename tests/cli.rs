//! The command-line tool, run as a shell would run it. Nothing but the binary and a temporary directory is needed.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
#[cfg(unix)]
use tool::denied;
use tool::{CLEAN, COOKIES, Dir, FOLLOW, SHARE, finish, lines, page};

// Input and output

#[test]
fn stdin_goes_to_stdout() {
    assert_eq!(Dir::new().pipe(&[], page().as_bytes()).document(), CLEAN);
    assert_eq!(Dir::new().pipe(&["-"], page().as_bytes()).document(), CLEAN);
    assert_eq!(Dir::new().pipe(&["-", "-o", "-"], page().as_bytes()).document(), CLEAN);
}

#[test]
fn files_follow_one_another() {
    let dir = Dir::with_page();
    dir.write("b.html", "<p>b</p>");
    assert_eq!(dir.run(&["page.html", "b.html"]).document(), format!("{CLEAN}<p>b</p>"));
    assert_eq!(dir.pipe(&["b.html", "-", "b.html"], b"<p>-</p>").document(), "<p>b</p><p>-</p><p>b</p>");
}

#[test]
fn what_is_not_chaff_passes_through() {
    let dir = Dir::new();
    let bytes: Vec<u8> = (0..=255).collect();
    for input in [b"".as_slice(), b"\xff\xfe<p>\x80\x00</p>\xc3", b"no tags\r\n", &bytes, &bytes.repeat(1000)] {
        let done = dir.pipe(&[], input);
        assert_eq!((done.code, &*done.err), (Some(0), ""));
        assert!(done.out == input, "{} bytes became {}", input.len(), done.out.len());
    }
}

#[test]
fn a_page_larger_than_any_buffer_is_cut_all_over() {
    let page = format!("<p>Rye is up.</p>{SHARE}").repeat(20_000);
    assert_eq!(Dir::new().pipe(&[], page.as_bytes()).document(), "<p>Rye is up.</p>".repeat(20_000));
}

#[test]
fn output_comes_before_the_input_ends() {
    let mut child = Dir::new().command(&[]).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    stdin.write_all(b"<h1>News</h1><p>Rye is up.</p><p>So").unwrap();
    let (tell, early) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut seen = [0; 64];
        let n = stdout.read(&mut seen).unwrap();
        tell.send(seen[..n].to_vec()).unwrap();
        let mut rest = Vec::new();
        stdout.read_to_end(&mut rest).unwrap();
        rest
    });
    let early = early.recv_timeout(Duration::from_secs(10)).expect("nothing came out while the page was open");
    assert!(early.starts_with(b"<h1>News</h1>"), "{}", early.escape_ascii());
    stdin.write_all(b" is spelt.</p>").unwrap();
    drop(stdin);
    let whole = [early, reader.join().unwrap()].concat();
    assert_eq!(whole.escape_ascii().to_string(), "<h1>News</h1><p>Rye is up.</p><p>So is spelt.</p>");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_file_is_written() {
    let dir = Dir::with_page();
    assert_eq!(dir.run(&["page.html", "-o", "clean.html"]).document(), "");
    assert_eq!(dir.read("clean.html"), CLEAN);
    assert_eq!(dir.read("page.html"), page());
    assert_eq!(dir.pipe(&["--output=clean.html"], b"<p>b</p>").document(), "");
    assert_eq!(dir.read("clean.html"), "<p>b</p>");
    assert_eq!(dir.names(), ["clean.html", "page.html"]);
}

#[test]
fn a_file_can_be_cleaned_in_place() {
    let dir = Dir::new();
    let filler = "<p>Rye is up.</p>".repeat(50_000);
    dir.write("page.html", &format!("{filler}{SHARE}{filler}"));
    assert_eq!(dir.run(&["page.html", "-o", "./page.html"]).document(), "");
    assert_eq!(dir.read("page.html"), format!("{filler}{filler}"));
    dir.write("page.html", &page());
    dir.write("b.html", SHARE);
    assert_eq!(dir.run(&["page.html", "b.html", "-o", "."]).document(), "");
    assert_eq!((dir.read("page.html"), dir.read("b.html")), (CLEAN.to_owned(), String::new()));
    assert_eq!(dir.names(), ["b.html", "page.html"]);
}

#[test]
fn a_directory_is_filled() {
    let dir = Dir::with_page();
    dir.mkdir("there");
    dir.mkdir("sub");
    dir.write("sub/b.html", SHARE);
    for out in ["there", "there/", "new/", "new/deep/"] {
        assert_eq!(dir.run(&["page.html", "sub/b.html", "-o", out]).document(), "");
        assert_eq!(dir.read(&format!("{out}/page.html")), CLEAN);
        assert_eq!(dir.read(&format!("{out}/b.html")), "");
    }
    assert_eq!(dir.run(&["page.html", "-o", "one/"]).document(), "");
    assert_eq!(dir.read("one/page.html"), CLEAN);
}

#[test]
fn several_inputs_need_a_directory() {
    let dir = Dir::with_page();
    dir.write("b.html", "<p>b</p>");
    let err = dir.run(&["page.html", "b.html", "-o", "new"]).refusal(2);
    assert_eq!(err, "dechaff: new: not a directory, for 2 inputs\nhint: to have it created, write '-o new/'\n");
    let err = dir.run(&["page.html", "b.html", "-o", "b.html"]).refusal(2);
    assert_eq!(err, "dechaff: b.html: not a directory, for 2 inputs\nhint: name a directory\n");
    assert_eq!(dir.read("b.html"), "<p>b</p>");
    assert_eq!(dir.names(), ["b.html", "page.html"]);
}

#[test]
fn two_inputs_of_one_name_are_refused() {
    let dir = Dir::with_page();
    dir.mkdir("sub");
    dir.write("sub/page.html", "<p>b</p>");
    let err = dir.run(&["page.html", "sub/page.html", "-o", "new/"]).refusal(2);
    assert!(err.starts_with("dechaff: page.html and sub/page.html: both would become new/page.html\nhint: "), "{err}");
    let err = dir.run(&["page.html", "-", "-o", "new/"]).refusal(2);
    assert!(err.starts_with("dechaff: -: has no file name to keep in the output directory\nhint: "), "{err}");
    assert_eq!(dir.names(), ["page.html", "sub"]);
}

#[test]
fn a_missing_output_directory_is_named() {
    let dir = Dir::with_page();
    let err = dir.run(&["page.html", "-o", "no/clean.html"]).refusal(1);
    assert_eq!(
        err,
        "dechaff: no/clean.html: no such file or directory\n\
         hint: create the directory no first, or end OUT with / to have it created: -o no/\n"
    );
    let err = dir.run(&["page.html", "-o", "page.html/"]).refusal(1);
    assert!(err.contains("\nhint: a file stands where a directory would be"), "{err}");
    assert_eq!(dir.names(), ["page.html"]);
    assert_eq!(dir.read("page.html"), page());
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::with_page();
    let mode = |name| fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o7777;
    for kept in [0o600, 0o640, 0o755, 0o666] {
        fs::set_permissions(dir.path().join("page.html"), fs::Permissions::from_mode(kept)).unwrap();
        assert_eq!(dir.run(&["page.html", "-o", "page.html", "--report", "new.jsonl"]).document(), "");
        assert_eq!(mode("page.html"), kept);
    }
    dir.write("ordinary", "");
    assert_eq!(dir.run(&["page.html", "-o", "new.html"]).document(), "");
    assert_eq!(mode("new.html"), mode("ordinary"));
    assert_eq!(mode("new.jsonl"), mode("ordinary"));
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_not_replaced() {
    let dir = Dir::with_page();
    if !denied(&dir.path().join("page.html"), 0o444) {
        return;
    }
    let err = dir.run(&["page.html", "-o", "page.html"]).refusal(1);
    assert!(err.starts_with("dechaff: page.html: permission denied\nhint: "), "{err}");
    assert_eq!((dir.read("page.html"), dir.names()), (page(), vec!["page.html".to_owned()]));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let dir = Dir::with_page();
    dir.mkdir("sub");
    dir.write("sub/real.html", "old");
    std::os::unix::fs::symlink("sub/real.html", dir.path().join("link.html")).unwrap();
    assert_eq!(dir.run(&["page.html", "-o", "link.html"]).document(), "");
    assert!(fs::symlink_metadata(dir.path().join("link.html")).unwrap().is_symlink());
    assert_eq!(dir.read("sub/real.html"), CLEAN);
    assert_eq!(fs::read_dir(dir.path().join("sub")).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_the_shell_has_opened_is_not_replaced() {
    let dir = Dir::with_page();
    dir.write("log", "before\n");
    let mut log = File::options().append(true).open(dir.path().join("log")).unwrap();
    for args in [["page.html", "-o", "/dev/stdout"], ["page.html", "--report", "/dev/fd/1"]] {
        let mut command = dir.command(&args);
        command.stdout(log.try_clone().unwrap());
        assert_eq!(finish(command).document(), "");
    }
    log.write_all(b"after\n").unwrap();
    let log = dir.read("log");
    assert!(log.starts_with(&format!("before\n{CLEAN}{CLEAN}{{\"type\"")), "{log}");
    assert!(log.ends_with("after\n"), "{log}");
    assert_eq!(dir.names(), ["log", "page.html"]);
}

// Categories

#[test]
fn categories_are_cut_exactly() {
    let dir = Dir::with_page();
    let run = |names: &[&str]| {
        let args: Vec<_> = names.iter().flat_map(|name| ["--category", name]).chain(["page.html"]).collect();
        dir.run(&args).document()
    };
    let without = |cut: &[&str]| cut.iter().fold(page(), |page, part| page.replace(part, ""));
    assert_eq!(run(&[]), without(&[COOKIES, SHARE]));
    assert_eq!(run(&["cookie-notice"]), without(&[COOKIES]));
    assert_eq!(run(&["follow-links"]), without(&[FOLLOW]));
    assert_eq!(run(&["subscription,comment-form"]), page());
    assert_eq!(run(&["share-widget,follow-links"]), without(&[SHARE, FOLLOW]));
    assert_eq!(run(&["share-widget", "follow-links", "share-widget"]), without(&[SHARE, FOLLOW]));
    assert_eq!(run(&["all"]), without(&[COOKIES, SHARE, FOLLOW]));
    assert_eq!(run(&["cookie-notice,all"]), without(&[COOKIES, SHARE, FOLLOW]));
}

#[test]
fn an_unknown_category_is_told_the_known_ones() {
    let dir = Dir::with_page();
    for names in ["cookies", "share-widget,cookies", "cookies,all"] {
        let err = dir.run(&["--category", names, "page.html"]).refusal(2);
        assert!(err.contains("'cookies'"), "{err}");
        let known = [
            "cookie-notice",
            "subscription",
            "comment-form",
            "share-widget",
            "comment-thread",
            "follow-links",
            "source-credit",
            "all",
        ];
        assert!(known.iter().all(|name| err.contains(name)), "{err}");
    }
    dir.run(&["--category", "", "page.html"]).refusal(2);
}

// Report

#[test]
fn the_report_agrees_with_the_output() {
    let dir = Dir::with_page();
    dir.write("kept.html", r#"<div class="sharedaddy"><h1>News</h1></div>"#);
    let out = dir.run(&["--report", "report.jsonl", "page.html", "kept.html"]).document();
    let (page_lines, kept_lines): (Vec<_>, Vec<_>) =
        lines(&dir.read("report.jsonl")).into_iter().partition(|(_, data)| data["input"] == "page.html");

    let types = |lines: &[(String, Value)]| lines.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(types(&page_lines), ["cut", "cut", "summary"]);
    let (mut rest, mut at, page) = (String::new(), 0, page());
    for (_, cut) in &page_lines[..2] {
        let (start, end) = (cut["start"].as_u64().unwrap() as usize, cut["end"].as_u64().unwrap() as usize);
        rest.push_str(&page[at..start]);
        at = end;
    }
    rest.push_str(&page[at..]);
    assert_eq!(rest, CLEAN);
    assert!(out.starts_with(&rest));
    assert_eq!(page_lines[0].1["category"], "cookie-notice");
    assert_eq!(page_lines[1].1["category"], "share-widget");
    assert_eq!(page_lines[1].1["tag"], "div");
    assert!(page_lines[1].1["rule"].as_str().unwrap().contains('/'));
    assert_eq!(
        page_lines[2].1,
        serde_json::json!({
            "input": "page.html", "encoding": "UTF-8", "encoding_evidence": "default", "bytes_in": page.len(),
            "bytes_out": CLEAN.len(), "cuts": 2, "declines": 0
        })
    );

    assert_eq!(types(&kept_lines), ["decline", "summary"]);
    let decline = &kept_lines[0].1;
    assert_eq!((&decline["reason"], &decline["start"]), (&"holds-content".into(), &0.into()));
    let mut fields: Vec<_> = decline.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["category", "end", "input", "reason", "rule", "start", "tag", "text"]);
    assert_eq!((&kept_lines[1].1["cuts"], &kept_lines[1].1["declines"]), (&0.into(), &1.into()));
    assert_eq!(dir.names(), ["kept.html", "page.html", "report.jsonl"]);
}

#[test]
fn the_report_tells_where_cutting_stopped() {
    let dir = Dir::new();
    let page = format!("<frameset><frame>{SHARE}</frameset>");
    let done = dir.pipe(&["--report", "-"], page.as_bytes());
    assert_eq!((done.code, done.out.as_slice()), (Some(0), page.as_bytes()));
    let lines = lines(&done.err);
    let (_, stop) = lines.iter().find(|(name, _)| name == "stop").unwrap();
    assert_eq!((&stop["input"], &stop["reason"]), (&"-".into(), &"frameset".into()));
    assert!(stop["offset"].is_u64());
}

#[test]
fn a_report_to_dash_is_on_stderr() {
    let dir = Dir::new();
    let done = dir.pipe(&["--report", "-"], page().as_bytes());
    assert_eq!((done.code, String::from_utf8(done.out).unwrap().as_str()), (Some(0), CLEAN));
    let lines = lines(&done.err);
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|(_, data)| data["input"] == "-"));
    assert!(dir.names().is_empty());
}

#[test]
fn the_report_lists_what_could_be_cleaned() {
    let dir = Dir::with_page();
    let done = dir.run(&["--report", "report.jsonl", "no.html", "page.html"]);
    assert_eq!(done.code, Some(1));
    let lines = lines(&dir.read("report.jsonl"));
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|(_, data)| data["input"] == "page.html"));
}

#[test]
fn a_report_never_overwrites_a_page() {
    let dir = Dir::with_page();
    let err = dir.run(&["page.html", "--report", "./page.html"]).refusal(2);
    assert!(err.starts_with("dechaff: ./page.html: is the report and an input at once\nhint: "), "{err}");
    let err = dir.run(&["page.html", "-o", "clean.html", "--report", "clean.html"]).refusal(2);
    assert!(err.starts_with("dechaff: clean.html: is the report and an output at once\nhint: "), "{err}");
    assert_eq!((dir.read("page.html"), dir.names()), (page(), vec!["page.html".to_owned()]));
}

#[test]
fn a_report_that_cannot_be_written_is_found_first() {
    let dir = Dir::with_page();
    let err = dir.run(&["page.html", "--report", "no/report.jsonl"]).refusal(1);
    assert_eq!(err, "dechaff: no/report.jsonl: no such file or directory\nhint: create the directory no first\n");
    let err = dir.run(&["page.html", "--report", "."]).refusal(1);
    assert_eq!(err, "dechaff: .: is a directory\nhint: name a file in it\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_cleaned_and_reported() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Dir::new();
    let name = std::ffi::OsStr::from_bytes(b"p\xffge.html");
    fs::write(dir.path().join(name), page()).unwrap();
    let mut command = dir.command(&["--report", "-", "-o", "new/"]);
    command.arg(name);
    let done = finish(command);
    assert_eq!(lines(&done.err)[0].1["input"], "p\u{fffd}ge.html");
    assert_eq!(fs::read_to_string(dir.path().join("new").join(name)).unwrap(), CLEAN);
}

// Help

#[test]
fn the_short_help_fits_one_screen() {
    let dir = Dir::new();
    let mut command = dir.command(&["-h"]);
    command.env("COLUMNS", "80");
    let help = finish(command).document();
    assert!(help.lines().count() <= 24, "{help}");
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
}

#[test]
fn the_long_help_teaches() {
    let help = Dir::new().run(&["--help"]).document();
    for part in ["Examples:", "curl -s", "- comment-thread:", "- all:", "Exit status:", "\"type\"", "bytes_out"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    let version = Dir::new().run(&["--version"]).document();
    assert_eq!(version, concat!("dechaff ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn an_unknown_option_is_refused() {
    assert!(Dir::new().run(&["--inplace"]).refusal(2).contains("'--inplace'"));
}

/// The other end of a terminal counts as one.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_the_usage() {
    let Ok(terminal) = File::options().read(true).write(true).open("/dev/ptmx") else { return };
    let dir = Dir::new();
    let mut command = dir.command(&[]);
    command.stdin(terminal);
    let err = finish(command).refusal(2);
    assert!(err.starts_with("usage: dechaff [OPTIONS] [FILE]...\n"), "{err}");
    assert_eq!(err.lines().count(), 2);
}
