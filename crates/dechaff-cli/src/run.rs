//! Does what the plan says, page after page.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, StdoutLock, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use dechaff::{Cleaner, PageCleaner, Report};

use crate::cli::Cli;
use crate::exit::ExitCode;
use crate::failure::Failure;
use crate::output::{BUFFER, OutFile};
use crate::plan::{Job, Plan};
use crate::report::ReportWriter;

/// For someone who typed the bare name to see what happens: waiting for a page from the keyboard would look like a
/// hang.
const USAGE: &str = "\
usage: dechaff [OPTIONS] [FILE]...
hint: name a page, pipe one in, or see 'dechaff --help'
";

/// Runs the tool.
pub(crate) fn run(cli: &Cli) -> ExitCode {
    if cli.inputs.is_empty() && io::stdin().is_terminal() {
        let _ = io::stderr().write_all(USAGE.as_bytes());
        return ExitCode::Usage;
    }
    match Plan::new(cli).and_then(Run::new) {
        Ok((run, jobs)) => run.all(&jobs),
        Err(failure) => failure.print(),
    }
}

/// Why a page was not cleaned: which side failed decides what is said, and whether the run goes on.
enum Trouble {
    Read(io::Error),
    Write(io::Error),
    Page(dechaff::Error),
}

impl From<io::Error> for Trouble {
    /// An error of the cleaner: the library's own comes wrapped, that of the writer behind it as it is.
    fn from(error: io::Error) -> Self {
        match error.downcast() {
            Ok(error) => Self::Page(error),
            Err(error) => Self::Write(error),
        }
    }
}

/// What the pages of one run share.
struct Run {
    cleaner: Cleaner,
    encoding: Option<String>,
    stdout: BufWriter<StdoutLock<'static>>,
    report: Option<(PathBuf, ReportWriter)>,
    buffer: Vec<u8>,
    code: ExitCode,
}

impl Run {
    /// Opens all that has to be there before the first page is.
    fn new(plan: Plan) -> Result<(Self, Vec<Job>), Failure> {
        let cleaner = Cleaner::builder().categories(plan.categories).build();
        if let Err(error) = page(&cleaner, plan.encoding.as_deref()) {
            return Err(Failure::encoding(&error));
        }
        if let Some(folder) = &plan.new_folder {
            fs::create_dir_all(folder).map_err(|e| Failure::write(folder, "OUT", &e))?;
        }
        let report = match plan.report {
            Some(path) => match ReportWriter::create(&path) {
                Ok(report) => Some((path, report)),
                Err(error) => return Err(Failure::write(&path, "FILE", &error)),
            },
            None => None,
        };
        let run = Self {
            cleaner,
            encoding: plan.encoding,
            stdout: BufWriter::with_capacity(BUFFER, io::stdout().lock()),
            report,
            buffer: vec![0; BUFFER],
            code: ExitCode::Success,
        };
        Ok((run, plan.jobs))
    }

    /// Cleans every page, as long as there is someone to write to.
    fn all(mut self, jobs: &[Job]) -> ExitCode {
        for job in jobs {
            if self.one(job).is_break() {
                return self.code;
            }
        }
        if let Some((path, report)) = self.report.take()
            && let Err(error) = report.commit()
        {
            self.fail(&Failure::write(&path, "FILE", &error));
        }
        self.code
    }

    /// Cleans one page. Breaks if no other can be written either.
    fn one(&mut self, job: &Job) -> ControlFlow<()> {
        let failure = match (self.clean(job), &job.output) {
            (Ok(report), _) => {
                self.note(&job.input.name(), &report);
                return ControlFlow::Continue(());
            }
            (Err(Trouble::Read(error)), _) => Failure::read(&job.input, &error),
            (Err(Trouble::Page(error)), _) => Failure::page(&job.input, &error),
            (Err(Trouble::Write(error)), Some(path)) => Failure::write(path, "OUT", &error),
            (Err(Trouble::Write(error)), None) => {
                // Whoever read it has seen enough: no reason to complain.
                if error.kind() != ErrorKind::BrokenPipe {
                    self.fail(&Failure::stdout(&error));
                }
                return ControlFlow::Break(());
            }
        };
        self.fail(&failure);
        ControlFlow::Continue(())
    }

    /// Takes a page from its input to its output.
    fn clean(&mut self, job: &Job) -> Result<Report, Trouble> {
        let cleaner = page(&self.cleaner, self.encoding.as_deref()).map_err(Trouble::Page)?;
        let mut input = job.input.open().map_err(Trouble::Read)?;
        let Some(path) = &job.output else {
            return copy(&cleaner, &mut input, &mut self.stdout, &mut self.buffer);
        };
        let mut output = OutFile::create(path).map_err(Trouble::Write)?;
        let report = copy(&cleaner, &mut input, &mut output, &mut self.buffer)?;
        output.commit().map_err(Trouble::Write)?;
        Ok(report)
    }

    /// Adds a page to the report. A report that can't be written is given up; the pages are what matters.
    fn note(&mut self, input: &str, page: &Report) {
        let Some((path, mut report)) = self.report.take() else { return };
        match report.add(input, page) {
            Ok(()) => self.report = Some((path, report)),
            Err(error) => self.fail(&Failure::write(&path, "FILE", &error)),
        }
    }

    /// Tells of a failure and remembers it.
    fn fail(&mut self, failure: &Failure) {
        self.code = self.code.merge(failure.print());
    }
}

/// What cleans a page in the encoding that was named, if one was.
fn page<'c>(cleaner: &'c Cleaner, encoding: Option<&str>) -> Result<PageCleaner<'c>, dechaff::Error> {
    match encoding {
        Some(label) => cleaner.page().encoding(label),
        None => Ok(cleaner.page()),
    }
}

/// Reads, cleans and writes. A read gives what there is: if that is little, someone is slow and someone may be waiting,
/// so what has come out by then is passed on.
///
/// What can't be cleaned comes out as it is, to its end: a pipe that loses half a page is worse than one that leaves it.
fn copy(
    cleaner: &PageCleaner<'_>,
    input: &mut impl Read,
    output: &mut impl Write,
    buffer: &mut [u8],
) -> Result<Report, Trouble> {
    let mut writer = cleaner.writer(output);
    let end = transfer(input, &mut writer, buffer);
    if let Err(Trouble::Page(error)) = end {
        transfer(input, writer.into_inner(), buffer)?;
        return Err(Trouble::Page(error));
    }
    // After an error too: on standard output, all that was read of the page is to come out. A file is dropped anyway.
    let report = writer.finish().map_err(io::Error::from).map(|(_, report)| report);
    end?;
    Ok(report?)
}

/// Reads to the end and writes what there is.
fn transfer(input: &mut impl Read, output: &mut impl Write, buffer: &mut [u8]) -> Result<(), Trouble> {
    loop {
        match input.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                output.write_all(&buffer[..n])?;
                if n < buffer.len() {
                    output.flush()?;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Trouble::Read(error)),
        }
    }
}
