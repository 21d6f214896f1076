//! The README keeps its word: its before and after, its console sessions, its table of categories and its links.
//!
//! In a `console` block, lines after `$ ` are commands, and the lines after each are what it prints. They run with `sh`, in a
//! temporary directory that holds the corpus. The Rust blocks are doctests of the library.
#![cfg(unix)]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dechaff::Category;
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The fenced blocks of a language, in order.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(tag) = line.strip_prefix("```") {
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
            if tag == language {
                blocks.push(block);
            }
        }
    }
    blocks
}

/// A command and what the README says that it prints.
fn commands(block: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, output))) => output.extend([line, "\n"]),
            (None, None) => panic!("a console block begins with a command, not with: {line}"),
        }
    }
    commands
}

/// Runs a command in `folder`; gives what a terminal would show.
fn run(command: &str, folder: &Path) -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_dechaff")).parent().unwrap();
    let mut path = OsString::from(bin);
    if let Some(rest) = env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    let shell = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(shell.stdout).unwrap()
}

#[test]
fn console_sessions_print_what_they_show() {
    let folder = TempDir::new().unwrap();
    symlink(root().join("corpus"), folder.path().join("corpus")).unwrap();
    let readme = readme();
    let sessions = blocks(&readme, "console");
    let mut count = 0;
    for (command, shown) in sessions.iter().flat_map(|block| commands(block)) {
        if command.starts_with("cargo ") {
            continue;
        }
        assert_eq!(run(command, folder.path()), shown, "$ {command}");
        count += 1;
    }
    assert!(count >= 5, "only {count} commands were found");
}

#[test]
fn before_becomes_after() {
    let html = blocks(&readme(), "html");
    let [before, after] = &*html else { panic!("{} html blocks, not a before and an after", html.len()) };
    let (clean, _) = dechaff::clean(before.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(clean).unwrap(), *after);
}

#[test]
fn every_category_is_in_the_table() {
    let readme = readme();
    for category in Category::ALL {
        let row = format!("\n| `{category}` | {} | ", if category.is_default() { "yes" } else { "no" });
        assert!(readme.contains(&row), "no row:{row}");
    }
}

#[test]
fn links_lead_somewhere() {
    for piece in readme().split("](").skip(1) {
        let link = piece.split(')').next().unwrap();
        if !link.contains("://") {
            assert!(root().join(link).exists(), "{link}");
        }
    }
}
