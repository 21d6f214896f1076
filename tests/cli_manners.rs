//! What the tool is like to live with: measuring, progress, completions, manual pages, and that all of them agree.

#[path = "fixtures/tool.rs"]
mod tool;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tool::{Dir, page};

// Measuring

#[cfg(not(feature = "bench"))]
#[test]
fn a_tool_without_measuring_says_so() {
    let err = Dir::with_page().run(&["bench", "page.html"]).refusal(2);
    assert!(err.starts_with("dechaff: bench: this dechaff was built without it\nhint: "), "{err}");
}

/// The cells of the rows of a table, which stand at least two spaces apart.
#[cfg(feature = "bench")]
fn cells(table: &str) -> Vec<Vec<String>> {
    let row =
        |line: &str| line.split("  ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
    table.lines().map(row).collect()
}

#[cfg(feature = "bench")]
#[test]
fn pages_are_measured() {
    let dir = Dir::with_page();
    dir.write("b.html", &"<p>Rye is up.</p>".repeat(2_000));
    let table = dir.run(&["bench", "--seconds", "1", "page.html", "b.html"]).document();
    let cells = cells(&table);
    assert!(cells[0][0].starts_with("2 pages, 34 KB; "), "{table}");
    assert_eq!(cells[2], ["MB/s", "of copying", "of lol_html", "bytes cut", "cuts", "peak memory"], "{table}");
    let names: Vec<_> = cells[3..7].iter().map(|row| &*row[0]).collect();
    assert_eq!(names, ["copying", "lol_html, no handlers", "dechaff, default categories", "dechaff, all categories"]);
    assert_eq!((&*cells[3][2], &*cells[4][3]), ("1.00", "1.00"), "{table}");
    let number = |text: &str| text.replace(',', "").parse::<f64>().unwrap_or_else(|e| panic!("{text}: {e}"));
    for row in &cells[3..7] {
        assert!(number(&row[1]) > 0.0, "{table}");
    }
    let (default, all) = (&cells[5], &cells[6]);
    assert_eq!((number(&default[4]) as usize, &*default[5]), (page().len() - tool::CLEAN.len(), "2"), "{table}");
    assert_eq!((number(&all[4]) as usize, &*all[5]), (page().len() - tool::CLEAN.len() + tool::FOLLOW.len(), "3"));
    // The compiled rules alone take more than half a megabyte.
    if cfg!(target_os = "linux") {
        assert!(default[6].ends_with(" MB") || default[6].ends_with(" KB"), "{table}");
    } else {
        assert_eq!(default[6], "?");
    }
}

#[cfg(feature = "bench")]
#[test]
fn what_can_not_be_measured_is_named_and_passed_over() {
    let dir = Dir::with_page();
    dir.write("a.pdf", "%PDF-1.7\n");
    let done = dir.run(&["bench", "--seconds", "1", "page.html", "a.pdf", "no.html"]);
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.err,
        "dechaff: a.pdf: not HTML (PDF)\nhint: name a page\n\
         dechaff: no.html: no such file or directory\nhint: check the path\n"
    );
    assert!(String::from_utf8(done.out).unwrap().starts_with("1 page, "));
    dir.write("empty.html", "");
    let err = dir.run(&["bench", "empty.html"]).refusal(2);
    assert_eq!(err, "dechaff: bench: no page to measure with\nhint: name files with HTML in them\n");
    dir.run(&["bench"]).refusal(2);
    dir.run(&["bench", "--seconds", "0", "page.html"]).refusal(2);
}

// Help, completions, manual pages

/// Commands, by the arguments that lead to them.
const COMMANDS: [&[&str]; 11] = [
    &[],
    &["text"],
    &["markdown"],
    &["rules"],
    &["rules", "list"],
    &["rules", "show"],
    &["rules", "test"],
    &["rules", "try"],
    &["bench"],
    &["completions"],
    &["man"],
];

fn help(command: &[&str]) -> String {
    Dir::new().run(&[command, &["--help"]].concat()).document()
}

/// The long options that a help lists, and the short ones that stand for them.
fn options(help: &str) -> BTreeSet<(Option<String>, String)> {
    let mut options = BTreeSet::new();
    for line in help.lines().map(str::trim_start).filter(|line| line.starts_with('-')) {
        let mut short = None;
        for word in line.split([' ', '[', '=', ',']).filter(|word| !word.is_empty()) {
            match word.strip_prefix("--") {
                Some(long) => {
                    options.insert((short.clone(), long.to_owned()));
                    break;
                }
                None if word.len() == 2 && word.starts_with('-') => short = Some(word[1..].to_owned()),
                None => break,
            }
        }
    }
    options
}

#[test]
fn the_help_has_the_options_it_should() {
    let all = options(&help(&[]));
    let names: BTreeSet<_> = all.iter().map(|(_, long)| &**long).collect();
    let some =
        ["category", "remove", "keep", "rules", "filter-list", "config", "quiet", "in-place", "null", "jobs", "help"];
    assert!(some.iter().all(|name| names.contains(name)), "{names:?}");
    assert!(all.contains(&(Some("q".to_owned()), "quiet".to_owned())), "{all:?}");
    let listed = help(&[]);
    for command in &COMMANDS[1..] {
        let words = command.join(" ");
        assert!(words == "rules" || listed.contains(&format!("\n  dechaff {words} ")), "no {words}");
    }
}

#[test]
fn completions_know_every_option_and_command() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = Dir::new().run(&["completions", shell]).document();
        for command in COMMANDS {
            for (short, long) in options(&help(command)) {
                let written = if shell == "fish" { format!("-l {long}") } else { format!("--{long}") };
                assert!(script.contains(&written), "{shell}: no --{long}");
                let short =
                    short.map(|short| if shell == "fish" { format!("-s {short}") } else { format!("-{short}") });
                assert!(short.is_none_or(|short| script.contains(&short)), "{shell}: no short form of --{long}");
            }
            assert!(command.iter().all(|word| script.contains(word)), "{shell}: no {command:?}");
        }
        for category in dechaff::Category::ALL {
            // Of values, there are none in PowerShell.
            assert!(shell == "powershell" || script.contains(category.name()), "{shell}: no {category}");
        }
    }
    assert!(Dir::new().run(&["completions", "tcsh"]).refusal(2).contains("'tcsh'"));
}

/// Shells take the scripts, where there is one here.
#[cfg(unix)]
#[test]
fn shells_can_read_the_completions() {
    let dir = Dir::new();
    for shell in ["bash", "zsh", "fish"] {
        dir.write(shell, &dir.run(&["completions", shell]).document());
        let Ok(output) = std::process::Command::new(shell).arg("-n").arg(dir.path().join(shell)).output() else {
            continue;
        };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // What bash offers after `dechaff --filter`.
    let script = ". ./bash; COMP_WORDS=(dechaff --filter); COMP_CWORD=1; _dechaff dechaff --filter dechaff; echo ${COMPREPLY[@]}";
    if let Ok(output) = std::process::Command::new("bash").args(["-c", script]).current_dir(dir.path()).output() {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "--filter-list\n");
    }
}

#[test]
fn manual_pages_have_every_option() {
    for command in COMMANDS {
        let page = Dir::new().run(&[&["man"], command].concat()).document();
        let name = [&["dechaff"], command].concat().join("-");
        assert!(page.contains(&format!(".TH {name} 1 ")), "{page}");
        // A hyphen that is one is written so.
        let plain = page.replace("\\-", "-");
        for (short, long) in options(&help(command)) {
            assert!(plain.contains(&format!("--{long}")), "{name}: no --{long}");
            assert!(
                short.is_none_or(|short| plain.contains(&format!("-{short}"))),
                "{name}: no short form of --{long}"
            );
        }
    }
    let page = Dir::new().run(&["man"]).document();
    for part in
        [".SH EXAMPLES", ".SH \"EXIT STATUS\"", "dechaff\\-rules", "dechaff\\-bench", "names end with a NUL byte"]
    {
        assert!(page.contains(part), "no {part}");
    }
    let err = Dir::new().run(&["man", "rules", "lst"]).refusal(2);
    assert_eq!(err, "dechaff: dechaff-rules: no command 'lst' in it\nhint: there are list, show, test, try\n");
}

#[test]
fn the_readme_agrees_with_the_help() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let section = readme.split("\n## ").find(|section| section.starts_with("In a shell\n")).unwrap();
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        words.filter(|word| word.starts_with('-')).map(str::to_owned).collect()
    };
    let (anywhere, words) = (words(&readme), words(section));
    let all: BTreeSet<_> = COMMANDS.iter().flat_map(|command| options(&help(command))).collect();
    // Those that every tool has go without saying.
    for (short, long) in all.iter().filter(|(_, long)| long != "version") {
        let short = short.as_ref().map(|short| format!("-{short}"));
        let told = anywhere.contains(&format!("--{long}")) || short.is_some_and(|short| anywhere.contains(&short));
        assert!(told, "the README does not tell of --{long}");
    }
    // A diff begins with three hyphens.
    let long = words.iter().filter_map(|word| word.strip_prefix("--"));
    for word in long.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())) {
        // Of other programs.
        let others = ["path"];
        assert!(others.contains(&word) || all.iter().any(|(_, long)| *long == *word), "the tool has no --{word}");
    }
    for command in &COMMANDS[1..] {
        assert!(section.contains(&format!("dechaff {}", command.join(" "))), "the README does not tell of {command:?}");
    }
}

// Progress

/// Runs the tool with a terminal for standard error.
#[cfg(unix)]
mod terminal {
    use std::io::Read;
    use std::process::Stdio;
    use std::sync::{Arc, Mutex};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{Dir, page};

    /// What a terminal has shown.
    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
        }

        /// Waits until it has shown `text`.
        fn wait_for(&self, text: &str) {
            let start = Instant::now();
            while !self.text().contains(text) {
                assert!(start.elapsed() < Duration::from_secs(30), "no {text} in {:?}", self.text());
                thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Runs the tool, of whose standard output nothing is read before `wait` is over. Gives the exit code, how long it took, and
    /// what the terminal showed.
    fn run(dir: &Dir, args: &[&str], wait: impl FnOnce(&Screen)) -> (Option<i32>, Duration, String) {
        let (mut pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_dechaff"))
            .args(args)
            .current_dir(dir.path())
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let start = Instant::now();
        let mut child = command.spawn(pts).unwrap();
        let screen = Screen::default();
        let shown = screen.clone();
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The other end is closed when the process ends, which is an error on Linux.
            while let Ok(n @ 1..) = pty.read(&mut buffer) {
                shown.0.lock().unwrap().extend_from_slice(&buffer[..n]);
            }
        });
        wait(&screen);
        child.stdout.take().unwrap().read_to_end(&mut Vec::new()).unwrap();
        let code = child.wait().unwrap().code();
        let took = start.elapsed();
        reader.join().unwrap();
        (code, took, screen.text())
    }

    /// Long enough for a pipe to be full before all of it is out.
    fn long(dir: &Dir) {
        dir.write("long.html", &"<p>Rye is up.</p>".repeat(100_000));
    }

    /// What makes a line empty.
    const CLEAR: &str = "\r\u{1b}[2K";

    #[test]
    fn a_long_run_shows_how_far_it_is() {
        let dir = Dir::with_page();
        long(&dir);
        let (code, _, shown) = run(&dir, &["-j1", "page.html", "long.html"], |screen| {
            screen.wait_for(" of 1.70 MB, 1 of 2 inputs");
        });
        assert_eq!(code, Some(0));
        // What was shown is gone in the end.
        assert!(shown.contains(" %  ") && shown.ends_with(CLEAR), "{shown:?}");
    }

    #[test]
    fn a_message_stands_on_a_line_of_its_own() {
        let dir = Dir::new();
        long(&dir);
        let (code, _, shown) = run(&dir, &["-j1", "long.html", "no.html"], |screen| screen.wait_for(" of 1.70 MB"));
        assert_eq!(code, Some(1));
        let message = format!("{CLEAR}dechaff: no.html: no such file or directory\r\nhint: check the path\r\n");
        assert!(shown.contains(&message), "{shown:?}");
    }

    #[test]
    fn quiet_and_short_runs_show_nothing() {
        let dir = Dir::with_page();
        long(&dir);
        let (_, took, shown) = run(&dir, &["page.html"], |_| {});
        assert!(shown.is_empty() || took > Duration::from_secs(1), "{shown:?}");
        let pause = |_: &Screen| thread::sleep(Duration::from_millis(1_300));
        let (_, _, shown) = run(&dir, &["-q", "long.html"], pause);
        assert_eq!(shown, "");
        // Someone reads the report there.
        let (_, _, shown) = run(&dir, &["--report", "-", "long.html"], pause);
        assert!(shown.starts_with("{\"type\":\"summary\"") && !shown.contains(CLEAR), "{shown:?}");
    }

    #[test]
    fn quiet_says_nothing_but_what_went_wrong() {
        let dir = Dir::new();
        dir.mkdir("empty");
        assert_eq!(dir.run(&["-r", "empty"]).err, "dechaff: empty: no pages found; nothing in it\n");
        assert_eq!(dir.run(&["-qr", "empty"]).document(), "");
        dir.write("page.html", &page());
        let done = dir.run(&["--quiet", "page.html", "no.html"]);
        assert_eq!(
            (done.code, &*done.err),
            (Some(1), "dechaff: no.html: no such file or directory\nhint: check the path\n")
        );
    }
}
