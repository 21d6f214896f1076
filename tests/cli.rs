//! The command-line tool, run as a shell would run it. Nothing but the binary and a temporary directory is needed.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// What [`page`] comes to when the default categories are cut.
const CLEAN: &str = concat!(
    "<h1>News</h1><p>Rye is up.</p>",
    r#"<div class="et_pb_social_media_follow"><a href="https://x.example/mill">Mill</a></div>"#,
    "<p>So is spelt.</p>"
);
const COOKIES: &str = r#"<div id="onetrust-consent-sdk">We value your privacy</div>"#;
const SHARE: &str = r#"<div class="sharedaddy"><a href="/share">Share this</a></div>"#;
const FOLLOW: &str = r#"<div class="et_pb_social_media_follow"><a href="https://x.example/mill">Mill</a></div>"#;

/// A page with an element of two categories that are cut by default, and of one that is not.
fn page() -> String {
    format!("<h1>News</h1>{COOKIES}<p>Rye is up.</p>{SHARE}{FOLLOW}<p>So is spelt.</p>")
}

/// How a run ended.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
}

impl Done {
    /// The document, after a run without complaint.
    #[track_caller]
    fn document(self) -> String {
        assert_eq!((self.code, &*self.err), (Some(0), ""));
        String::from_utf8(self.out).unwrap()
    }

    /// The messages of a run that ended with `code` and wrote no document.
    #[track_caller]
    fn refusal(self, code: i32) -> String {
        assert_eq!((self.code, String::from_utf8_lossy(&self.out).as_ref()), (Some(code), ""), "{}", self.err);
        self.err
    }
}

/// A directory to run in.
struct Dir(TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A directory that holds `page.html`.
    fn with_page() -> Self {
        let dir = Self::new();
        dir.write("page.html", &page());
        dir
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    #[track_caller]
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn mkdir(&self, name: &str) {
        fs::create_dir(self.path().join(name)).unwrap();
    }

    /// The names in it, sorted: what a run left behind.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dechaff"));
        command.args(args).current_dir(self.path()).env_remove("COLUMNS");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Done {
        finish(self.command(args))
    }

    fn pipe(&self, args: &[&str], input: &[u8]) -> Done {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
        let feeder = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap().unwrap();
        Done { code: output.status.code(), out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
    }
}

fn finish(mut command: Command) -> Done {
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    Done { code: output.status.code(), out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
}

/// The type and the data of each line of a report.
fn lines(report: &str) -> Vec<(String, Value)> {
    let line = |text| {
        let mut line: Value = serde_json::from_str(text).unwrap();
        assert_eq!(line.as_object().unwrap().len(), 2, "{text}");
        (line["type"].as_str().unwrap().to_owned(), line["data"].take())
    };
    report.lines().map(line).collect()
}

/// What can't be denied to this user can't be tested.
#[cfg(unix)]
fn denied(path: &Path, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    fs::OpenOptions::new().read(mode & 0o400 == 0).write(mode & 0o200 == 0).open(path).is_err()
}

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
    assert_eq!(fields, ["category", "end", "input", "reason", "rule", "start", "tag"]);
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

// What goes wrong

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
    assert_eq!(done.err, "dechaff: sub/: is a directory\nhint: name the files in it: sub/*.html\n");
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
    assert!(Dir::new().run(&["--in-place"]).refusal(2).contains("'--in-place'"));
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
