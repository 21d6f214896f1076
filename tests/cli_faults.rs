//! The command-line tool when something goes wrong: what it says, how it ends, and what it leaves behind.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::process::{Command, Stdio};

#[cfg(unix)]
use tool::denied;
use tool::{CLEAN, Dir, finish, lines, page};

// Inputs

#[test]
fn a_missing_file_does_not_stop_the_others() {
    let dir = Dir::with_page();
    dir.write("b.html", "<p>b</p>");
    let done = dir.run(&["page.html", "no.html", "b.html"]);
    assert_eq!(done.code, Some(1));
    assert_eq!(String::from_utf8(done.out).unwrap(), format!("{CLEAN}<p>b</p>"));
    assert_eq!(done.err, "dechaff: no.html: no such file or directory\nhint: check the path\n");

    let err = dir.run(&["page.html", "no.html", "b.html", "-o", "new/"]).refusal(1);
    assert!(err.starts_with("dechaff: no.html: "), "{err}");
    assert_eq!((dir.read("new/page.html"), dir.read("new/b.html")), (CLEAN.to_owned(), "<p>b</p>".to_owned()));
    assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 2);
}

#[test]
fn a_missing_file_leaves_the_output_alone() {
    let dir = Dir::new();
    dir.write("clean.html", "old");
    dir.run(&["no.html", "-o", "clean.html"]).refusal(1);
    dir.run(&["no.html", "-o", "other.html"]).refusal(1);
    assert_eq!((dir.read("clean.html"), dir.names()), ("old".to_owned(), vec!["clean.html".to_owned()]));
}

#[test]
fn a_directory_is_not_a_page() {
    let dir = Dir::with_page();
    dir.mkdir("sub");
    let done = dir.run(&["sub/", "page.html"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap().as_str()), (Some(1), CLEAN));
    assert_eq!(done.err, "dechaff: sub/: is a directory\nhint: to clean the pages in it, add -r: dechaff -r sub/\n");
    dir.run(&["sub", "-o", "clean.html"]).refusal(1);
    assert_eq!(dir.names(), ["page.html", "sub"]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    let dir = Dir::with_page();
    if !denied(&dir.path().join("page.html"), 0o200) {
        return;
    }
    let err = dir.run(&["page.html"]).refusal(1);
    assert!(err.starts_with("dechaff: page.html: permission denied\nhint: "), "{err}");
}

/// That file opens, but its first page is not mapped: reading it fails.
#[cfg(target_os = "linux")]
#[test]
fn an_error_while_reading_leaves_the_output_alone() {
    let dir = Dir::with_page();
    dir.write("clean.html", "old");
    let err = dir.run(&["/proc/self/mem", "-o", "clean.html"]).refusal(1);
    assert_eq!(err, "dechaff: /proc/self/mem: input/output error\n");
    assert_eq!((dir.read("clean.html"), dir.names().len()), ("old".to_owned(), 2));
    let done = dir.run(&["/proc/self/mem", "page.html"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap().as_str()), (Some(1), CLEAN));
}

/// What only the library can say of a page; the file that would have been replaced stays.
#[test]
fn a_page_that_asks_for_too_much_leaves_the_output_alone() {
    let dir = Dir::with_page();
    dir.write("clean.html", "old");
    let page = format!("<p title=\"{}\">", "a".repeat(70_000_000));
    dir.write("big.html", &page);
    let err = dir.run(&["big.html", "-o", "clean.html"]).refusal(1);
    assert!(
        err.starts_with("dechaff: big.html: the page can't be read any further at byte 0: a tag has more than "),
        "{err}"
    );
    assert_eq!((dir.read("clean.html"), dir.names().len()), ("old".to_owned(), 3));
    // On standard output it comes out as it is, and the others follow.
    let done = dir.run(&["big.html", "page.html"]);
    assert_eq!((done.code, done.out == format!("{page}{CLEAN}").into_bytes()), (Some(1), true));
}

// Outputs

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = Dir::with_page();
    let page = page().repeat(20_000);
    for args in [["-"].as_slice(), &["-", "page.html", "no.html"]] {
        let mut child = dir.command(args).stdin(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        // It may be gone before all is written.
        match child.stdin.take().unwrap().write_all(page.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
            _ => {}
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    }
}

/// As `dechaff page.html | head -c 1` does it.
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = Dir::with_page();
    dir.write("big.html", &page().repeat(20_000));
    dir.write("report.jsonl", "old");
    let args = ["big.html", "page.html", "no.html", "--report", "report.jsonl"];
    let mut child = dir.command(&args).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    assert_eq!(first, *b"<");
    assert_eq!(dir.read("report.jsonl"), "old");
    assert_eq!(dir.names(), ["big.html", "page.html", "report.jsonl"]);
}

/// Whoever reads messages and reports may go away as well: the pages are what matters.
#[test]
fn a_report_that_nobody_reads_stops_no_page() {
    let dir = Dir::with_page();
    let args = ["page.html", "no.html", "page.html", "--report", "-"];
    let mut child = dir.command(&args).spawn().unwrap();
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(1), CLEAN.repeat(2).into_bytes()));
}

/// A named pipe can't be replaced: it is written, and nobody reading it is an error, as it is with any file.
#[cfg(target_os = "linux")]
#[test]
fn a_named_pipe_that_nobody_reads_is_told() {
    let dir = Dir::new();
    dir.write("big.html", &page().repeat(20_000));
    if !Command::new("mkfifo").arg("pipe").current_dir(dir.path()).status().is_ok_and(|status| status.success()) {
        return;
    }
    let child = dir.command(&["big.html", "-o", "pipe"]).spawn().unwrap();
    let mut first = [0];
    fs::File::open(dir.path().join("pipe")).unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), first), (Some(1), *b"<"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "dechaff: pipe: broken pipe\n");
    assert_eq!(dir.names(), ["big.html", "pipe"]);
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let dir = Dir::with_page();
    dir.mkdir("closed");
    let closed = dir.path().join("closed");
    let permissions = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o555);
    fs::set_permissions(&closed, permissions).unwrap();
    // Who may do anything is refused by the kernel's own directory.
    let superuser = fs::File::create(closed.join("probe")).is_ok();
    let folder = if superuser { "/sys" } else { "closed" };
    if superuser && !cfg!(target_os = "linux") {
        return;
    }
    let err = dir.run(&["page.html", "-o", &format!("{folder}/clean.html")]).refusal(1);
    let hint = format!("hint: both the file, if it is there, and {folder} must be writable; or name another OUT");
    assert_eq!(err, format!("dechaff: {folder}/clean.html: permission denied\n{hint}\n"));
    assert_eq!(dir.names(), ["closed", "page.html"]);
}

/// One of several can't be written: the others are.
#[test]
fn a_target_that_is_a_directory_does_not_stop_the_others() {
    let dir = Dir::with_page();
    dir.write("b.html", "<p>b</p>");
    dir.mkdir("out");
    dir.mkdir("out/page.html");
    let err = dir.run(&["page.html", "b.html", "-o", "out", "--report", "report.jsonl"]).refusal(1);
    assert!(err.contains("page.html: is a directory\nhint: "), "{err}");
    assert_eq!(dir.read("out/b.html"), "<p>b</p>");
    assert_eq!(fs::read_dir(dir.path().join("out")).unwrap().count(), 2);
    assert!(lines(&dir.read("report.jsonl")).iter().all(|(_, data)| data["input"] == "b.html"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let dir = Dir::with_page();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = dir.command(&["page.html", "no.html", "--report", "report.jsonl"]);
    command.stdout(full());
    let err = finish(command).refusal(1);
    let hint = "hint: free some space, or write elsewhere with '-o OUT'";
    assert_eq!(err, format!("dechaff: stdout: no space left on device\n{hint}\n"));

    let err = dir.run(&["page.html", "-o", "/dev/full"]).refusal(1);
    let hint = "hint: free some space, or name another OUT";
    assert_eq!(err, format!("dechaff: /dev/full: no space left on device\n{hint}\n"));

    let done = dir.run(&["page.html", "page.html", "--report", "/dev/full"]);
    assert_eq!((done.code, done.out), (Some(1), CLEAN.repeat(2).into_bytes()));
    assert!(done.err.starts_with("dechaff: /dev/full: no space left on device\n"), "{}", done.err);
    assert_eq!(done.err.lines().count(), 2);
    assert_eq!(dir.names(), ["page.html"]);
}

/// As a disk that fills up half-way: no file may grow beyond a few kilobytes.
#[cfg(unix)]
#[test]
fn a_write_that_fails_half_way_leaves_no_half_file() {
    let dir = Dir::new();
    let page = page().repeat(1000);
    dir.write("page.html", &page);
    let script = r#"trap "" XFSZ; ulimit -f 8; exec "$0" page.html -o "$1""#;
    for out in ["page.html", "new.html", "new/"] {
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_dechaff"), out]).current_dir(dir.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let err = finish(command).refusal(1);
        assert!(err.contains("file too large"), "{err}");
        assert!(dir.read("page.html") == page);
    }
    assert_eq!(dir.names(), ["new", "page.html"]);
    assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_name_cannot_drive_the_terminal() {
    let err = Dir::new().run(&["\u{1b}[2J\nno.html"]).refusal(1);
    assert_eq!(err, "dechaff: \\u{1b}[2J\\nno.html: no such file or directory\nhint: check the path\n");
}
