//! What the arguments mean: which page goes where. All that can be refused is refused here, before anything is touched.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;

use dechaff::Category;

use crate::changing::OwnRules;
use crate::cli::CategoryName;
use crate::cli::cleaning::Cleaning;
use crate::cli::pages::Pages;
use crate::cli::seeing::Seeing;
use crate::failure::Failure;
use crate::form::Form;
use crate::input::Input;
use crate::listing;
use crate::place::{Places, place};

/// How many threads work at most: a system may refuse more.
const THREADS: usize = 256;

/// A run, decided.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The inputs in order, and where each one goes.
    pub(crate) jobs: Vec<Job>,
    /// What could not be listed.
    pub(crate) failures: Vec<Failure>,
    /// What is to be said of filter lists, and of folders that hold no page.
    pub(crate) notes: Vec<String>,
    /// A directory to create first.
    pub(crate) new_folder: Option<PathBuf>,
    /// It was named as the DIR of a tree, and not as OUT.
    pub(crate) mirrors: bool,
    /// What comes out of each page.
    pub(crate) form: Form,
    /// What to cut.
    pub(crate) categories: BTreeSet<Category>,
    /// The user's own rules.
    pub(crate) own: OwnRules,
    /// Nothing is said but what went wrong.
    pub(crate) quiet: bool,
    /// The label of the encoding that the pages are in.
    pub(crate) encoding: Option<String>,
    /// The address of the page.
    pub(crate) url: Option<String>,
    /// The fields to clean in JSON Lines. If there are none, inputs are no such lines.
    pub(crate) fields: Vec<String>,
    /// The report, as it was named.
    pub(crate) report: Option<PathBuf>,
    /// What else is shown of the pages.
    pub(crate) seeing: Seeing,
    /// A diff is shown instead of the pages.
    pub(crate) diff: bool,
    /// How many threads work.
    pub(crate) threads: usize,
}

/// One input and where it goes.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) input: Input,
    pub(crate) output: Output,
    /// An empty line parts its text from that of the input before it.
    pub(crate) apart: bool,
}

/// Where an input goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Output {
    /// Standard output.
    Stdout,
    /// A file. Its directory is there.
    File(PathBuf),
    /// A file of a tree. Its directory is created when it is missing.
    Mirrored(PathBuf),
    /// The input itself, if anything is cut from it. The original is kept under its name and the suffix, if there is one.
    InPlace(Option<OsString>),
}

impl Output {
    /// The file, if it is another one than the input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Mirrored(path) => Some(path),
            Self::Stdout | Self::InPlace(_) => None,
        }
    }
}

/// One input, before it is decided where it goes.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) input: Input,
    /// Its path in a mirrored tree, for what was found in a folder.
    pub(crate) inside: Option<PathBuf>,
}

impl Plan {
    /// Makes sense of the arguments, or says why there is none.
    pub(crate) fn new(cli: &Cleaning, pages: &Pages, form: Form) -> Result<Self, Failure> {
        let mut own = OwnRules::read(&cli.changing)?;
        let (mut failures, mut notes) = (Vec::new(), std::mem::take(&mut own.notes));
        let mut found = find(cli, &mut failures, &mut notes)?;
        if pages.in_place.is_some() {
            // A file that is named twice would be replaced while it is read.
            let mut seen = BTreeSet::new();
            found.retain(|found| !matches!(&found.input, Input::File(path) if !seen.insert(place(path))));
        }
        check_url(cli, &found)?;
        let Places { outputs, new_folder } = Places::new(cli, pages, form, &found)?;
        let mut jobs: Vec<_> = found
            .into_iter()
            .zip(outputs)
            .map(|(found, output)| Job { input: found.input, output, apart: false })
            .collect();
        for job in jobs.iter_mut().skip(1).filter(|job| form != Form::Html && job.output == Output::Stdout) {
            job.apart = true;
        }
        check_reports(cli, &jobs)?;
        if cli.quiet {
            notes.clear();
        }
        let cores = || thread::available_parallelism().map_or(1, Into::into);
        Ok(Self {
            jobs,
            failures,
            notes,
            new_folder,
            mirrors: cli.output_dir.is_some(),
            form,
            categories: categories(&cli.categories),
            own,
            quiet: cli.quiet,
            encoding: cli.encoding.clone(),
            url: cli.url.clone(),
            fields: cli.fields.clone(),
            report: cli.report.clone(),
            seeing: cli.seeing.clone(),
            diff: pages.diff,
            threads: cli.jobs.map_or_else(cores, Into::into).min(THREADS),
        })
    }
}

/// All inputs: those named, those on the list, and what is in the folders among them.
fn find(cli: &Cleaning, failures: &mut Vec<Failure>, notes: &mut Vec<String>) -> Result<Vec<Found>, Failure> {
    let mut named: Vec<_> = cli.inputs.iter().map(|path| Input::new(path)).collect();
    if let Some(list) = &cli.files_from {
        if list.as_os_str() == "-" && named.contains(&Input::Stdin) {
            let hint = "put the list into a file, or the page";
            return Err(Failure::usage("-", "is the list of files and a page at once", hint));
        }
        let names = listing::names(list, cli.null).map_err(|error| Failure::read(&Input::new(list), &error))?;
        // A file of a list is a file, whatever it is called.
        named.extend(names.into_iter().map(Input::File));
    } else if named.is_empty() {
        named.push(Input::Stdin);
    }
    let mut found = Vec::with_capacity(named.len());
    for input in named {
        match &input {
            Input::File(path) if cli.recursive && path.is_dir() => {
                let listing = listing::walk(path, !cli.fields.is_empty(), cli.output_dir.as_deref());
                failures.extend(listing.failures);
                if listing.files.is_empty() {
                    notes.push(nothing_in(&input, listing.others));
                }
                found.extend(listing.files.into_iter().map(|file| {
                    let inside = file.strip_prefix(path).ok().map(Path::to_owned);
                    Found { input: Input::File(file), inside }
                }));
            }
            _ => found.push(Found { input, inside: None }),
        }
    }
    Ok(found)
}

/// What is said of a folder without pages.
fn nothing_in(folder: &Input, others: u64) -> String {
    let others = match others {
        0 => "nothing in it".to_owned(),
        1 => "1 other file was passed over".to_owned(),
        n => format!("{n} other files were passed over"),
    };
    format!("dechaff: {}: no pages found; {others}\n", folder.name())
}

/// One address is that of one page.
fn check_url(cli: &Cleaning, found: &[Found]) -> Result<(), Failure> {
    if cli.url.is_some() && found.len() > 1 {
        let message = format!("is the address of one page, for {} inputs", found.len());
        return Err(Failure::usage("--url", message, "clean one page at a time, or leave --url out"));
    }
    Ok(())
}

/// Refuses a report that would overwrite a page or the other report: easily typed, and not to be undone.
fn check_reports(cli: &Cleaning, jobs: &[Job]) -> Result<(), Failure> {
    let report = cli.report.as_deref().filter(|report| report.as_os_str() != "-");
    let html = cli.seeing.html_report.as_deref();
    if html.is_some_and(|html| html.as_os_str() == "-") {
        return Err(Failure::usage(
            "--html-report",
            "goes to a file, not to '-'",
            "name a file: --html-report report.html",
        ));
    }
    if let (Some(report), Some(html)) = (report, html)
        && place(report) == place(html)
    {
        let message = "is both reports at once";
        return Err(Failure::usage(html.display().to_string(), message, "name another file for one of them"));
    }
    [report, html].into_iter().flatten().try_for_each(|report| check_report(report, jobs))
}

fn check_report(report: &Path, jobs: &[Job]) -> Result<(), Failure> {
    let report_place = place(report);
    for job in jobs {
        let input = if let Input::File(path) = &job.input { Some(&**path) } else { None };
        for (path, role) in [(input, "an input"), (job.output.path(), "an output")] {
            if path.is_some_and(|path| place(path) == report_place) {
                let message = format!("is the report and {role} at once");
                return Err(Failure::usage(report.display().to_string(), message, "name another file for the report"));
            }
        }
    }
    Ok(())
}

/// The categories of the library that names stand for.
pub(crate) fn categories(names: &[CategoryName]) -> BTreeSet<Category> {
    names.iter().flat_map(|name| named(*name)).copied().collect()
}

/// The categories that a name stands for.
const fn named(name: CategoryName) -> &'static [Category] {
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
    use crate::cli::Cli;

    #[test]
    fn every_category_has_its_name_on_the_command_line() {
        for category in Category::ALL {
            let name = CategoryName::from_str(category.name(), false).unwrap();
            assert_eq!(named(name), [category]);
        }
        assert_eq!(CategoryName::value_variants().len(), Category::ALL.len() + 1);
        assert_eq!(named(CategoryName::All), Category::ALL);
    }

    #[test]
    fn the_default_is_the_librarys() {
        let default = Category::ALL.into_iter().filter(|c| c.is_default());
        let plan = {
            let cli = Cli::parse_from(["dechaff"]);
            Plan::new(&cli.cleaning, &cli.pages, Form::Html).unwrap()
        };
        assert!(plan.categories.into_iter().eq(default));
    }
}
