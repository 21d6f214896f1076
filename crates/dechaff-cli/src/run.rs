//! Does what the plan says, input by input.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dechaff::Cleaner;

use crate::cli::cleaning::Cleaning;
use crate::cli::pages::Pages;
use crate::converting::Converter;
use crate::exit::ExitCode;
use crate::failure::Failure;
use crate::form::Form;
use crate::input::magic::Content;
use crate::input::{Input, Opened};
use crate::lane::{Files, Front, Lane, Mute};
use crate::lines;
use crate::listing::is_page;
use crate::output::{self, OutFile};
use crate::page::{self, Trouble};
use crate::plan::{Job, Output, Plan};
use crate::progress::Progress;
use crate::report::ReportWriter;
use crate::seeing::original::Tee;
use crate::seeing::{Views, html};
use crate::setup::Setup;
use crate::warc;

/// For someone who typed the bare name to see what happens: waiting for a page from the keyboard would look like a
/// hang.
fn usage(form: Form) -> String {
    let name = form.command().map_or("dechaff".to_owned(), |command| format!("dechaff {command}"));
    format!("usage: {name} [OPTIONS] [FILE]...\nhint: name a page, pipe one in, or see '{name} --help'\n")
}

/// How many packed bytes of a record are kept, to be copied if nothing is cut from it. A little more than it may have: gzip
/// adds to what it can't compress.
const PACKED: usize = 65 << 20;

/// Cleans pages, which come out in `form`.
pub(crate) fn run(cleaning: &Cleaning, pages: &Pages, form: Form) -> ExitCode {
    if cleaning.inputs.is_empty() && cleaning.files_from.is_none() && io::stdin().is_terminal() {
        let _ = io::stderr().write_all(usage(form).as_bytes());
        return ExitCode::Usage;
    }
    match Plan::new(cleaning, pages, form).and_then(Run::new) {
        Ok((run, front)) => run.all(front),
        Err(failure) => {
            let _ = io::stderr().write_all(failure.text().as_bytes());
            failure.code()
        }
    }
}

/// A run, with all that has to be there before the first page is.
struct Run {
    plan: Plan,
    cleaner: Cleaner,
    converter: Option<Arc<Converter>>,
    views: Views,
    /// How many inputs are worked on at a time.
    inputs: usize,
    progress: Progress,
}

impl Run {
    fn new(mut plan: Plan) -> Result<(Self, Front), Failure> {
        let builder = Cleaner::builder().categories(plan.categories.iter().copied());
        let cleaner = mem::take(&mut plan.own).add_to(builder).build();
        if let Some(label) = &plan.encoding {
            let _ = cleaner.page().encoding(label).map_err(|error| Failure::encoding(&error))?;
        }
        let converter = Converter::new(plan.form).map(Arc::new);
        let views = Views::new(&plan.seeing, plan.diff, plan.report.as_deref(), plan.jobs.len());
        if let Some(folder) = plan.new_folder.as_ref().filter(|_| !views.dry_run) {
            let value = if plan.mirrors { "DIR" } else { "OUT" };
            fs::create_dir_all(folder).map_err(|e| Failure::write(folder, value, &e))?;
        }
        let open = |path: &PathBuf| match ReportWriter::create(path) {
            Ok(report) => Ok((path.clone(), report)),
            Err(error) => Err(Failure::write(path, "FILE", &error)),
        };
        let report = plan.report.as_ref().map(open).transpose()?;
        let mut html = plan.seeing.html_report.as_ref().map(open).transpose()?;
        if let Some((path, file)) = &mut html {
            file.add(html::head().as_bytes()).map_err(|error| Failure::write(path, "FILE", &error))?;
        }
        let inputs = plan.threads.min(plan.jobs.len()).max(1);
        let progress = Progress::new(&plan);
        let front = Front::new(Files { report, html }, progress.clone());
        Ok((Self { plan, cleaner, converter, views, inputs, progress }, front))
    }

    /// Cleans every input, as long as there is someone to write to.
    fn all(self, front: Front) -> ExitCode {
        let Plan { failures, notes, jobs, .. } = &self.plan;
        failures.iter().for_each(|failure| front.fail(failure));
        notes.iter().for_each(|note| front.say(note));
        let next = AtomicUsize::new(0);
        let work = || {
            while !front.is_closed() {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(index) else { break };
                let lane = front.lane(index);
                if let Err(trouble) = self.one(job, &lane) {
                    fail(job, &lane, &trouble);
                }
                self.progress.ended();
            }
        };
        if self.inputs == 1 {
            work();
        } else {
            thread::scope(|scope| {
                for _ in 0..self.inputs {
                    scope.spawn(work);
                }
            });
        }
        front.end(jobs.len() + failures.len(), &self.views)
    }

    /// Takes an input to its output.
    fn one(&self, job: &Job, lane: &Lane<'_>) -> Result<(), Trouble> {
        if let (Output::InPlace(_), Input::File(path)) = (&job.output, &job.input) {
            output::check_place(path).map_err(Trouble::Write)?;
        }
        let opened = job.input.open(PACKED, |source| self.progress.watch(source)).map_err(Trouble::Read)?;
        if self.views.dry_run || self.views.mutes() && job.output == Output::Stdout {
            return match self.clean(job, opened, &mut Mute(lane), lane) {
                // That is standard output, which has told already.
                Err(Trouble::Write(_)) => Ok(()),
                done => done.map(|_| ()),
            };
        }
        match &job.output {
            Output::Stdout => self.clean(job, opened, &mut &*lane, lane).map(|_| ()),
            Output::File(path) => self.write(job, opened, path, lane),
            Output::Mirrored(path) => {
                fs::create_dir_all(output::folder(path)).map_err(Trouble::Write)?;
                self.write(job, opened, path, lane)
            }
            Output::InPlace(suffix) => {
                let Input::File(path) = &job.input else { return Ok(()) };
                let mut file = OutFile::create(path).map_err(Trouble::Write)?;
                if self.clean(job, opened, &mut file, lane)? {
                    file.commit(suffix.as_deref()).map_err(Trouble::Write)?;
                }
                Ok(())
            }
        }
    }

    fn write(&self, job: &Job, opened: Opened, path: &Path, lane: &Lane<'_>) -> Result<(), Trouble> {
        let mut file = OutFile::create(path).map_err(Trouble::Write)?;
        self.clean(job, opened, &mut file, lane)?;
        file.commit(None).map_err(Trouble::Write)
    }

    /// Cleans what is in an input, by what it is. Gives whether anything was cut.
    fn clean(&self, job: &Job, opened: Opened, output: &mut dyn Write, lane: &Lane<'_>) -> Result<bool, Trouble> {
        let Opened { codec, content, stream } = opened;
        let setup = self.setup(job);
        let named_page = matches!(&job.input, Input::File(path) if is_page(path));
        match content {
            Content::Archive => warc::clean(&setup, (stream, codec), output, lane),
            _ if !setup.fields.is_empty() && !named_page => {
                lines::clean(&setup, stream.into_source(), codec, output, lane)
            }
            Content::Page => {
                let page = setup.page(None, None).map_err(Trouble::Page)?;
                let mut source = Tee::new(stream.into_source(), setup.views.needs_bytes());
                let report = match &setup.converter {
                    Some(converter) => {
                        let lead: &[u8] = if job.apart { b"\n" } else { b"" };
                        page::convert(&page, converter.page(output).after(lead), &mut source)?
                    }
                    None => page::clean(&page, &mut source, codec, output)?,
                };
                let mut seen = setup.see((None, None, None), &source.into_kept(), &report);
                let left = seen.left.take();
                lane.see(seen);
                left.into_iter().for_each(|why| lane.fail(&Failure::part(&job.input, why)));
                Ok(!report.cuts.is_empty())
            }
            Content::Other(name) if setup.converter.is_some() => {
                lane.fail(&Failure::no_page(&job.input, name));
                Ok(false)
            }
            Content::Other(name) => {
                lane.fail(&Failure::content(&job.input, name));
                page::pass(&mut stream.into_source(), codec, output).map(|()| false)
            }
        }
    }

    fn setup(&self, job: &Job) -> Setup {
        Setup {
            cleaner: self.cleaner.clone(),
            converter: self.converter.clone(),
            encoding: self.plan.encoding.clone(),
            input: job.input.clone(),
            name: job.input.name(),
            url: self.plan.url.clone(),
            fields: self.plan.fields.clone(),
            views: self.views,
            // What the other inputs leave.
            threads: self.plan.threads.div_ceil(self.inputs),
        }
    }
}

/// Says which side failed. That standard output did has been told already.
fn fail(job: &Job, lane: &Lane<'_>, trouble: &Trouble) {
    let failure = match (trouble, &job.output, &job.input) {
        (Trouble::Read(error), ..) => Failure::read(&job.input, error),
        (Trouble::Page(error), ..) => Failure::page(&job.input, error),
        (Trouble::Form(why), ..) => Failure::part(&job.input, *why),
        (Trouble::Write(error), Output::File(path), _) => Failure::write(path, "OUT", error),
        (Trouble::Write(error), Output::Mirrored(path), _) => Failure::write(path, "DIR", error),
        (Trouble::Write(error), Output::InPlace(_), Input::File(path)) => Failure::write(path, "FILE", error),
        (Trouble::Write(_), ..) => return,
    };
    lane.fail(&failure);
}
