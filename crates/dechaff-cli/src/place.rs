//! Where each input goes: to standard output, a file, a directory, a tree, or back to its own place.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::cli::cleaning::Cleaning;
use crate::cli::pages::Pages;
use crate::failure::Failure;
use crate::form::Form;
use crate::input::Input;
use crate::listing::{converted, is_page};
use crate::output;
use crate::plan::{Found, Output};

/// The outputs of a run.
#[derive(Debug)]
pub(crate) struct Places {
    /// One for each input.
    pub(crate) outputs: Vec<Output>,
    /// The directory that has to be created for them.
    pub(crate) new_folder: Option<PathBuf>,
}

impl Places {
    /// Decides where the inputs go, or says why that can't be.
    pub(crate) fn new(cli: &Cleaning, pages: &Pages, form: Form, found: &[Found]) -> Result<Self, Failure> {
        let named = |path: PathBuf| match form.ending() {
            // Lines stay lines.
            Some(ending) if cli.fields.is_empty() || is_page(&path) => converted(&path, ending),
            _ => path,
        };
        if let Some(suffix) = &pages.in_place {
            return in_place(found, suffix).map(|outputs| Self { outputs, new_folder: None });
        }
        if let Some(tree) = &cli.output_dir {
            let outputs = unique(found, |found| inside(tree, found).map(named).map(Output::Mirrored))?;
            return Ok(Self { outputs, new_folder: Some(tree.clone()) });
        }
        let Some(out) = cli.output.as_deref().filter(|out| out.as_os_str() != "-") else {
            return Ok(Self { outputs: vec![Output::Stdout; found.len()], new_folder: None });
        };
        let exists = out.is_dir();
        if exists || ends_in_separator(out) {
            let outputs = unique(found, |found| in_folder(out, &found.input).map(named).map(Output::File))?;
            return Ok(Self { outputs, new_folder: (!exists).then(|| out.to_owned()) });
        }
        if found.len() <= 1 {
            return Ok(Self { outputs: vec![Output::File(out.to_owned()); found.len()], new_folder: None });
        }
        let name = out.display();
        let hint = if out.exists() {
            "name a directory".to_owned()
        } else {
            format!("to have it created, write '-o {name}/'")
        };
        Err(Failure::usage(name.to_string(), format!("not a directory, for {} inputs", found.len()), hint))
    }
}

/// Each file in its own place.
fn in_place(found: &[Found], suffix: &OsString) -> Result<Vec<Output>, Failure> {
    if let Some(stdin) = found.iter().find(|found| found.input == Input::Stdin) {
        let hint = "name the files to clean, or leave -i out";
        return Err(Failure::usage(stdin.input.name(), "standard input has no place to be cleaned in", hint));
    }
    if suffix.as_encoded_bytes().iter().any(|byte| std::path::is_separator(char::from(*byte))) {
        let hint = "name an ending, such as --in-place=.bak";
        return Err(Failure::usage("--in-place", "the suffix is a path", hint));
    }
    Ok(vec![Output::InPlace(Some(suffix.clone()).filter(|suffix| !suffix.is_empty())); found.len()])
}

/// The place of an input in the `tree`: what was found in a folder lies as it does there, what was named as it was named.
fn inside(tree: &Path, found: &Found) -> Result<PathBuf, Failure> {
    if let Some(path) = &found.inside {
        return Ok(tree.join(path));
    }
    let Input::File(path) = &found.input else { return Err(nameless(tree, &found.input)) };
    let mut place = tree.to_owned();
    for part in path.components() {
        match part {
            Component::Normal(name) => place.push(name),
            Component::ParentDir => {
                let message = "lies outside of the current directory, and has no place in the output directory";
                let hint = "run dechaff from a directory above it, or write '-o DIR/'";
                return Err(Failure::usage(found.input.name(), message, hint));
            }
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    Ok(place)
}

/// The file in `folder` that an input becomes: under its own name.
fn in_folder(folder: &Path, input: &Input) -> Result<PathBuf, Failure> {
    match input {
        Input::File(path) => path.file_name().map(|name| folder.join(name)),
        Input::Stdin => None,
    }
    .ok_or_else(|| nameless(folder, input))
}

fn nameless(folder: &Path, input: &Input) -> Failure {
    let hint = format!("name the file: -o {}", folder.join("page.html").display());
    Failure::usage(input.name(), "has no file name to keep in the output directory", hint)
}

/// The output of each input. Two of the same name would overwrite each other.
fn unique(found: &[Found], output: impl Fn(&Found) -> Result<Output, Failure>) -> Result<Vec<Output>, Failure> {
    let mut taken = BTreeMap::new();
    let mut outputs = Vec::with_capacity(found.len());
    for each in found {
        let output = output(each)?;
        let path = output.path().map(Path::to_owned).unwrap_or_default();
        let message = format!("both would become {}", path.display());
        if let Some(first) = taken.insert(path, &each.input) {
            let first: &Input = first;
            let hint = "clean them into different directories, one after the other";
            return Err(Failure::usage(format!("{} and {}", first.name(), each.input.name()), message, hint));
        }
        outputs.push(output);
    }
    Ok(outputs)
}

/// The same for two ways to write one path, whether or not there is a file.
pub(crate) fn place(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match (fs::canonicalize(output::folder(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    })
}

/// Whether a directory is meant even if there is none.
fn ends_in_separator(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_can_be_written_in_two_ways() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, detour) = (folder.path().join("a.html"), folder.path().join("./sub/../a.html"));
        fs::create_dir(folder.path().join("sub")).unwrap();
        assert_eq!(place(&plain), place(&detour));
        fs::write(&plain, "").unwrap();
        assert_eq!(place(&plain), place(&detour));
    }

    #[test]
    fn a_tree_takes_paths_as_they_are_named() {
        let found = |path: &str| Found { input: Input::File(path.into()), inside: None };
        let tree = Path::new("out");
        for path in ["a/b.html", "./a/b.html", "/a/b.html", "a/./b.html"] {
            assert_eq!(inside(tree, &found(path)).unwrap(), Path::new("out/a/b.html"));
        }
        assert!(inside(tree, &found("../b.html")).is_err());
    }
}
