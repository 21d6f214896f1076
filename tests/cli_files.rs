//! The command-line tool on many files: folders, lists of names, in place; on what is no HTML; and when it is interrupted.

#[path = "fixtures/tool.rs"]
mod tool;

use std::fs;
use std::time::{Duration, Instant};

use tool::{CLEAN, Dir, finish, lines, page};

/// A folder with pages, files that are none, and what is hidden.
fn site() -> Dir {
    let dir = Dir::new();
    for folder in ["site", "site/sub", "site/sub/deep", "site/.git", "site/sub/.cache"] {
        dir.mkdir(folder);
    }
    for name in ["a.html", "sub/b.HTM", "sub/deep/c.xhtml", "sub/d.shtml"] {
        dir.write(&format!("site/{name}"), &page());
    }
    for name in ["style.css", "notes.txt", "pages.jsonl", ".git/e.html", "sub/.cache/f.html", ".hidden.html"] {
        dir.write(&format!("site/{name}"), &page());
    }
    dir
}

/// Every file below `folder`, sorted.
fn tree(dir: &Dir, folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![dir.path().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}

// Folders

#[test]
fn a_folder_is_cleaned_into_another_one() {
    let dir = site();
    let before = tree(&dir, "site");
    assert_eq!(dir.run(&["-r", "site", "--output-dir", "new/clean"]).document(), "");
    let names = ["a.html", "sub/b.HTM", "sub/d.shtml", "sub/deep/c.xhtml"].map(|name| format!("new/clean/{name}"));
    assert_eq!(tree(&dir, "new"), names);
    assert!(names.iter().all(|name| dir.read(name) == CLEAN));
    assert_eq!(tree(&dir, "site"), before);
    assert_eq!(dir.read("site/a.html"), page());
}

#[test]
fn a_folder_goes_to_stdout_in_the_order_of_names() {
    let dir = Dir::new();
    dir.mkdir("site");
    dir.mkdir("site/c");
    for name in ["b.html", "d.html", "a.html", "c/x.html"] {
        dir.write(&format!("site/{name}"), &format!("<p>{name}</p>"));
    }
    for jobs in ["1", "2", "9"] {
        let out = dir.run(&["-r", "site", "-j", jobs]).document();
        assert_eq!(out, "<p>a.html</p><p>b.html</p><p>c/x.html</p><p>d.html</p>");
    }
}

#[test]
fn an_output_in_the_folder_itself_is_left_out() {
    let dir = site();
    for _ in 0..2 {
        assert_eq!(dir.run(&["--recursive", "site", "--output-dir", "site/clean"]).document(), "");
        assert_eq!(tree(&dir, "site/clean").len(), 4);
    }
}

#[test]
fn a_folder_without_pages_says_so() {
    let dir = Dir::new();
    dir.mkdir("site");
    let done = dir.run(&["-r", "site"]);
    assert_eq!((done.code, &*done.err), (Some(0), "dechaff: site: no pages found; nothing in it\n"));
    dir.write("site/a.css", "");
    dir.write("site/b.css", "");
    let done = dir.run(&["-r", "site"]);
    assert_eq!((done.code, &*done.err), (Some(0), "dechaff: site: no pages found; 2 other files were passed over\n"));
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let dir = site();
    symlink("..", dir.path().join("site/sub/loop")).unwrap();
    symlink("../a.html", dir.path().join("site/sub/link.html")).unwrap();
    assert_eq!(dir.run(&["-r", "site", "--output-dir", "clean"]).document(), "");
    assert_eq!(tree(&dir, "clean").len(), 4);
}

#[test]
fn files_lie_in_a_tree_as_they_are_named() {
    let dir = site();
    assert_eq!(dir.run(&["site/a.html", "./site/sub/b.HTM", "--output-dir", "clean"]).document(), "");
    assert_eq!(tree(&dir, "clean"), ["clean/site/a.html", "clean/site/sub/b.HTM"]);
    let err = dir.run(&["site/../site/a.html", "--output-dir", "clean"]).refusal(2);
    assert!(err.starts_with("dechaff: site/../site/a.html: lies outside of"), "{err}");
    let err = dir.run(&["-r", "site", "site/sub", "site/sub/b.HTM", "--output-dir", "new"]).refusal(0);
    assert_eq!(err, "");
    let err = dir.run(&["-r", "site", "site/", "--output-dir", "new"]).refusal(2);
    assert!(err.contains("both would become new/a.html\nhint: "), "{err}");
}

#[test]
fn a_tree_that_cannot_be_made_is_told() {
    let dir = site();
    let err = dir.run(&["-r", "site", "--output-dir", "site/a.html"]).refusal(1);
    let hint = "hint: a file stands where a directory would be; name another DIR";
    assert_eq!(err, format!("dechaff: site/a.html: file exists\n{hint}\n"));
    dir.mkdir("clean");
    dir.write("clean/sub", "a file");
    let err = dir.run(&["-r", "site", "--output-dir", "clean"]).refusal(1);
    assert!(err.ends_with("dechaff: 3 of 4 inputs failed\n") && err.contains(hint), "{err}");
    assert_eq!(tree(&dir, "clean"), ["clean/a.html", "clean/sub"]);
}

/// Who may do anything can read it all the same.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_told() {
    let dir = site();
    if !tool::denied(&dir.path().join("site/sub"), 0o300) || fs::read_dir(dir.path().join("site/sub")).is_ok() {
        return;
    }
    let done = dir.run(&["-r", "site"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap().as_str()), (Some(1), CLEAN));
    assert!(done.err.starts_with("dechaff: site/sub: permission denied\nhint: "), "{}", done.err);
}

#[test]
fn many_inputs_side_by_side_keep_their_order() {
    let dir = Dir::new();
    let mut args: Vec<String> = ["-j", "8", "--report", "report.jsonl"].map(str::to_owned).to_vec();
    let mut whole = String::new();
    for n in 0..40 {
        // Large ones and small ones by turns; every tenth is not there.
        let text = format!("<p>{n}</p>{}", "<p>Rye is up.</p>".repeat(if n % 3 == 0 { 20_000 } else { 1 }));
        if n % 10 != 5 {
            dir.write(&format!("{n}.html"), &text);
            whole.push_str(&text);
        }
        args.push(format!("{n}.html"));
    }
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let done = dir.run(&args);
    assert_eq!(done.code, Some(1));
    assert!(String::from_utf8(done.out).unwrap() == whole);
    let missing: Vec<_> = done.err.lines().filter(|line| line.contains("no such file")).collect();
    assert_eq!(missing.len(), 4);
    assert!(missing[0].contains("5.html") && missing[3].contains("35.html"), "{}", done.err);
    assert!(done.err.ends_with("\ndechaff: 4 of 40 inputs failed\n"), "{}", done.err);
    let numbers: Vec<u32> = lines(&dir.read("report.jsonl"))
        .iter()
        .map(|(_, data)| data["input"].as_str().unwrap().strip_suffix(".html").unwrap().parse().unwrap())
        .collect();
    assert!(numbers.is_sorted() && numbers.len() == 36, "{numbers:?}");
}

// In place

#[cfg(unix)]
#[test]
fn files_are_cleaned_in_place() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let dir = site();
    dir.write("site/same.html", CLEAN);
    let same = || {
        let data = fs::metadata(dir.path().join("site/same.html")).unwrap();
        (data.ino(), data.mtime_nsec(), data.mtime())
    };
    fs::set_permissions(dir.path().join("site/a.html"), fs::Permissions::from_mode(0o640)).unwrap();
    let (before, names) = (same(), tree(&dir, "site"));
    assert_eq!(dir.run(&["-ri", "site"]).document(), "");
    assert_eq!((same(), tree(&dir, "site")), (before, names));
    assert_eq!((dir.read("site/a.html"), dir.read("site/sub/d.shtml")), (CLEAN.to_owned(), CLEAN.to_owned()));
    assert_eq!(dir.read("site/style.css"), page());
    assert_eq!(fs::metadata(dir.path().join("site/a.html")).unwrap().mode() & 0o7777, 0o640);
}

#[test]
fn the_original_is_kept_under_a_suffix() {
    let dir = Dir::with_page();
    dir.write("same.html", CLEAN);
    dir.write("page.html.orig", "older");
    // Named twice, it is still cleaned once.
    assert_eq!(dir.run(&["--in-place=.orig", "page.html", "./page.html", "same.html"]).document(), "");
    assert_eq!((dir.read("page.html"), dir.read("page.html.orig")), (CLEAN.to_owned(), page()));
    assert_eq!(dir.run(&["-i=.orig", "page.html"]).document(), "");
    assert_eq!(dir.read("page.html.orig"), page());
    assert_eq!(dir.names(), ["page.html", "page.html.orig", "same.html"]);
}

#[test]
fn in_place_needs_a_file_and_no_other_output() {
    let dir = Dir::with_page();
    for args in [
        ["-i", "page.html", "-o", "b.html"].as_slice(),
        &["-i", "page.html", "--output-dir", "b"],
        &["page.html", "-o", "b.html", "--output-dir", "b"],
        &["-i", "-"],
        &["-", "--output-dir", "b"],
        &["-i", "page.html", "-"],
        &["-i=sub/", "page.html"],
    ] {
        assert!(!dir.pipe(args, b"<p>").refusal(2).is_empty());
    }
    assert!(dir.pipe(&["-i"], b"<p>").refusal(2).contains("standard input has no place to be cleaned in\nhint: "));
    assert_eq!((dir.names(), dir.read("page.html")), (vec!["page.html".to_owned()], page()));
}

#[test]
fn what_can_not_be_cleaned_in_place_stays() {
    let dir = Dir::with_page();
    dir.write_bytes("a.html", b"%PDF-1.7 <div class=sharedaddy>Share</div>");
    let err = dir.run(&["-i", "a.html", "no.html", "page.html"]).refusal(1);
    assert!(err.starts_with("dechaff: a.html: not HTML (PDF)"), "{err}");
    assert_eq!(dir.read("a.html"), "%PDF-1.7 <div class=sharedaddy>Share</div>");
    assert_eq!(dir.read("page.html"), CLEAN);
    assert_eq!(dir.names(), ["a.html", "page.html"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_has_no_place() {
    let dir = Dir::with_page();
    let made = std::process::Command::new("mkfifo").arg("pipe").current_dir(dir.path()).status();
    assert!(made.unwrap().success());
    let err = dir.run(&["-i", "pipe", "/dev/null", "page.html"]).refusal(1);
    let what = "not a regular file, which can't be cleaned in place";
    assert_eq!(err, format!("dechaff: pipe: {what}\ndechaff: /dev/null: {what}\ndechaff: 2 of 3 inputs failed\n"));
    assert_eq!(dir.read("page.html"), CLEAN);
}

// Lists

#[cfg(target_os = "linux")]
#[test]
fn a_list_names_files() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = site();
    let odd = OsStr::from_bytes(b"p\xffge.html");
    fs::write(dir.path().join(odd), "<p>odd</p>").unwrap();
    dir.write_bytes("list", b"site/a.html\n\np\xffge.html\r\nno.html");
    let done = dir.run(&["--files-from", "list"]);
    assert_eq!((done.code, String::from_utf8(done.out).unwrap()), (Some(1), format!("{CLEAN}<p>odd</p>")));
    assert!(done.err.starts_with("dechaff: no.html: "), "{}", done.err);
    fs::write(dir.path().join("two\nlines.html"), "<p>2</p>").unwrap();
    let out = dir.pipe(&["-0", "--files-from", "-", "site/a.html"], b"two\nlines.html\0p\xffge.html\0").document();
    assert_eq!(out, format!("{CLEAN}<p>2</p><p>odd</p>"));
    assert_eq!(dir.pipe(&["-r", "--files-from=-", "-i"], b"site\n").document(), "");
    assert_eq!(dir.read("site/sub/b.HTM"), CLEAN);
}

#[test]
fn an_empty_list_is_nothing_to_do() {
    let dir = Dir::new();
    assert_eq!(dir.pipe(&["--files-from", "-"], b"").document(), "");
    assert_eq!(dir.pipe(&["--files-from", "-", "-o", "out.html"], b"\n").document(), "");
    assert!(dir.names().is_empty());
}

#[test]
fn lists_that_make_no_sense_are_refused() {
    let dir = Dir::with_page();
    assert!(dir.run(&["--files-from", "-", "-"]).refusal(2).starts_with("dechaff: -: is the list of files and a page"));
    assert!(dir.run(&["-0", "page.html"]).refusal(2).contains("--files-from"));
    let err = dir.run(&["--files-from", "no"]).refusal(1);
    assert_eq!(err, "dechaff: no: no such file or directory\nhint: check the path\n");
}

// The address

#[test]
fn the_address_is_reported() {
    let dir = Dir::with_page();
    let done = dir.run(&["page.html", "--url", "https://example.org/", "--report", "-"]);
    assert!(lines(&done.err).iter().all(|(_, data)| data["url"] == "https://example.org/"), "{}", done.err);
    let err = dir.run(&["page.html", "page.html", "--url", "https://example.org/"]).refusal(2);
    assert!(err.starts_with("dechaff: --url: is the address of one page, for 2 inputs\nhint: "), "{err}");
}

// What is no HTML

#[test]
fn what_is_no_html_passes_through_and_is_told() {
    let dir = Dir::with_page();
    let share = r#"<div class="sharedaddy">Share this</div>"#;
    let pdf = [b"%PDF-1.7\n", share.as_bytes()].concat();
    let done = dir.pipe(&[], &pdf);
    assert_eq!((done.code, done.out), (Some(1), pdf.clone()));
    assert_eq!(done.err, "dechaff: -: not HTML (PDF): passed through as it is\n");
    let binary = [&[1, 0, 0, 0, 2, 0, 0, 7].repeat(100), share.as_bytes()].concat();
    let done = dir.pipe(&["-", "page.html"], &binary);
    assert_eq!((done.code, done.out), (Some(1), [&*binary, CLEAN.as_bytes()].concat()));
    assert_eq!(done.err, "dechaff: -: not HTML (binary data): passed through as it is\n");
    dir.write_bytes("a.pdf", &pdf);
    assert_eq!(dir.run(&["a.pdf", "-o", "b.pdf"]).refusal(1).lines().count(), 1);
    assert_eq!(dir.read_bytes("b.pdf"), pdf);
}

#[test]
fn html_in_utf16_is_html() {
    let dir = Dir::new();
    let bytes = |text: &str, little: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    for (label, little) in [("utf-16le", true), ("utf-16be", false)] {
        let done = dir.pipe(&["--encoding", label], &bytes(&page(), little));
        assert_eq!((done.code, &*done.err), (Some(0), ""));
        assert!(done.out == bytes(CLEAN, little));
        let mark = |text: &str| bytes(&format!("\u{feff}{text}"), little);
        assert!(dir.pipe(&[], &mark(&page())).out == mark(CLEAN));
    }
}

// Interruption

/// A page comes in through a named pipe and has not ended when the signal comes.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::io::Write;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;
    for (signal, number) in [("INT", 2), ("TERM", 15)] {
        let dir = Dir::with_page();
        dir.write("clean.html", "old");
        assert!(Command::new("mkfifo").arg("pipe").current_dir(dir.path()).status().unwrap().success());
        let mut child = dir.command(&["pipe", "-o", "clean.html", "--report", "report.jsonl"]).spawn().unwrap();
        let mut pipe = fs::OpenOptions::new().write(true).open(dir.path().join("pipe")).unwrap();
        pipe.write_all(page().repeat(10_000).as_bytes()).unwrap();
        let patience = Instant::now() + Duration::from_secs(10);
        while dir.names().iter().filter(|name| name.starts_with(".dechaff-")).count() < 2 {
            assert!(Instant::now() < patience, "no temporary file: {:?}", dir.names());
            std::thread::sleep(Duration::from_millis(5));
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        assert_eq!(dir.names(), ["clean.html", "page.html", "pipe"]);
        assert_eq!(dir.read("clean.html"), "old");
    }
}

/// As after `nohup`: whoever started it has turned the signal off.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    use std::process::{Command, Stdio};
    let dir = Dir::with_page();
    let script = concat!(
        r#"trap "" HUP; mkfifo pipe; "$0" pipe -o clean.html & exec 3>pipe; printf '<p>' >&3; "#,
        "while ! ls -A | grep -q '^.dechaff-'; do sleep 0.01; done; ",
        "kill -s HUP $!; cat page.html >&3; exec 3>&-; wait $!"
    );
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_dechaff")]).current_dir(dir.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    assert_eq!(finish(command).code, Some(0));
    assert_eq!(dir.read("clean.html"), format!("<p>{CLEAN}"));
}
