//! What the arguments mean: which page goes where. All that can be refused is refused here, before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dechaff::Category;

use crate::cli::{CategoryName, Cli};
use crate::failure::Failure;
use crate::input::Input;
use crate::output;

/// A run, decided.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The pages in order.
    pub(crate) jobs: Vec<Job>,
    /// A directory to create first.
    pub(crate) new_folder: Option<PathBuf>,
    /// What to cut.
    pub(crate) categories: BTreeSet<Category>,
    /// The label of the encoding that the pages are in.
    pub(crate) encoding: Option<String>,
    /// The report, as it was named.
    pub(crate) report: Option<PathBuf>,
}

/// One page and where it goes.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) input: Input,
    /// Standard output if there is none.
    pub(crate) output: Option<PathBuf>,
}

impl Plan {
    /// Makes sense of `cli`, or says why there is none.
    pub(crate) fn new(cli: &Cli) -> Result<Self, Failure> {
        let inputs = match &*cli.inputs {
            [] => vec![Input::Stdin],
            files => files.iter().map(|file| Input::new(file)).collect(),
        };
        let (outputs, new_folder) = outputs(&inputs, cli.output.as_deref())?;
        let jobs: Vec<_> = inputs.into_iter().zip(outputs).map(|(input, output)| Job { input, output }).collect();
        if let Some(report) = cli.report.as_deref().filter(|report| report.as_os_str() != "-") {
            check_report(report, &jobs)?;
        }
        let categories = cli.categories.iter().flat_map(|name| categories(*name)).copied().collect();
        let (encoding, report) = (cli.encoding.clone(), cli.report.clone());
        Ok(Self { jobs, new_folder, categories, encoding, report })
    }
}

/// Where each input goes, and the directory that has to be created for it.
fn outputs(inputs: &[Input], out: Option<&Path>) -> Result<(Vec<Option<PathBuf>>, Option<PathBuf>), Failure> {
    let Some(out) = out.filter(|out| out.as_os_str() != "-") else { return Ok((vec![None; inputs.len()], None)) };
    let exists = out.is_dir();
    if exists || ends_in_separator(out) {
        let outputs = names_in(out, inputs)?.into_iter().map(Some).collect();
        return Ok((outputs, (!exists).then(|| out.to_owned())));
    }
    if inputs.len() == 1 {
        return Ok((vec![Some(out.to_owned())], None));
    }
    let name = out.display();
    let hint =
        if out.exists() { "name a directory".to_owned() } else { format!("to have it created, write '-o {name}/'") };
    Err(Failure::usage(name.to_string(), format!("not a directory, for {} inputs", inputs.len()), hint))
}

/// The files in `folder` that the inputs become. Two of the same name would overwrite each other.
fn names_in(folder: &Path, inputs: &[Input]) -> Result<Vec<PathBuf>, Failure> {
    let mut taken = BTreeMap::new();
    let mut outputs = Vec::with_capacity(inputs.len());
    for input in inputs {
        let file_name = match input {
            Input::Stdin => None,
            Input::File(path) => path.file_name(),
        };
        let Some(file_name) = file_name else {
            let hint = format!("name the file: -o {}", folder.join("page.html").display());
            return Err(Failure::usage(input.name(), "has no file name to keep in the output directory", hint));
        };
        let output = folder.join(file_name);
        if let Some(first) = taken.insert(file_name, input) {
            let message = format!("both would become {}", output.display());
            let hint = "clean them into different directories, one after the other";
            return Err(Failure::usage(format!("{} and {}", first.name(), input.name()), message, hint));
        }
        outputs.push(output);
    }
    Ok(outputs)
}

/// Refuses a report that would overwrite a page: easily typed, and not to be undone.
fn check_report(report: &Path, jobs: &[Job]) -> Result<(), Failure> {
    let place = place(report);
    for job in jobs {
        let input = if let Input::File(path) = &job.input { Some(path) } else { None };
        for (path, role) in [(input, "an input"), (job.output.as_ref(), "an output")] {
            if path.is_some_and(|path| self::place(path) == place) {
                let message = format!("is the report and {role} at once");
                return Err(Failure::usage(report.display().to_string(), message, "name another file for the report"));
            }
        }
    }
    Ok(())
}

/// The same for two ways to write one path, whether or not there is a file.
fn place(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match (fs::canonicalize(output::folder(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    })
}

/// Whether a directory is meant even if there is none.
fn ends_in_separator(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator)
}

/// The categories of the library that a name stands for.
const fn categories(name: CategoryName) -> &'static [Category] {
    match name {
        CategoryName::CookieNotice => &[Category::CookieNotice],
        CategoryName::Subscription => &[Category::Subscription],
        CategoryName::CommentForm => &[Category::CommentForm],
        CategoryName::ShareWidget => &[Category::ShareWidget],
        CategoryName::CommentThread => &[Category::CommentThread],
        CategoryName::FollowLinks => &[Category::FollowLinks],
        CategoryName::SourceCredit => &[Category::SourceCredit],
        CategoryName::All => &Category::ALL,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Parser, ValueEnum};

    use super::*;

    #[test]
    fn every_category_has_its_name_on_the_command_line() {
        for category in Category::ALL {
            let name = CategoryName::from_str(category.name(), false).unwrap();
            assert_eq!(categories(name), [category]);
        }
        assert_eq!(CategoryName::value_variants().len(), Category::ALL.len() + 1);
        assert_eq!(categories(CategoryName::All), Category::ALL);
    }

    #[test]
    fn the_default_is_the_librarys() {
        let default = Category::ALL.into_iter().filter(|c| c.is_default());
        let plan = Plan::new(&Cli::parse_from(["dechaff"])).unwrap();
        assert!(plan.categories.into_iter().eq(default));
    }

    #[test]
    fn one_place_can_be_written_in_two_ways() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, detour) = (folder.path().join("a.html"), folder.path().join("./sub/../a.html"));
        fs::create_dir(folder.path().join("sub")).unwrap();
        assert_eq!(place(&plain), place(&detour));
        fs::write(&plain, "").unwrap();
        assert_eq!(place(&plain), place(&detour));
    }
}
