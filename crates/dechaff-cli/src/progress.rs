//! How far a long run is, for someone who sits at a terminal and waits.

use std::fs;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::input::{Input, Source};
use crate::plan::{Output, Plan};

/// How long a run has to take for anything to be shown.
const DELAY: Duration = Duration::from_secs(1);

/// The progress of a run. Most have none: nobody looks, or it can't be told how much there is to do.
#[derive(Clone, Default)]
pub(crate) struct Progress(Option<Bar>);

#[derive(Clone)]
struct Bar {
    /// Bytes of all inputs, as they are in their files.
    bytes: ProgressBar,
    ended: Arc<AtomicUsize>,
    inputs: usize,
}

impl Progress {
    /// That of a run as planned. It is shown on standard error, if that is a terminal and nothing else is to be read there,
    /// once the run has taken a second.
    pub(crate) fn new(plan: &Plan) -> Self {
        let shown = plan.jobs.iter().any(|job| job.output == Output::Stdout) && io::stdout().is_terminal();
        let reported = plan.report.as_ref().is_some_and(|path| path.as_os_str() == "-");
        if plan.quiet || shown || reported || !io::stderr().is_terminal() {
            return Self(None);
        }
        let Some(size) = plan.jobs.iter().map(|job| size(&job.input)).sum::<Option<u64>>() else { return Self(None) };
        let bytes = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::hidden());
        let template = "{bar:24} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}{msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bytes.set_style(style);
        }
        let shown = bytes.clone();
        // It ends with the process.
        thread::spawn(move || {
            thread::sleep(DELAY);
            if !shown.is_finished() {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.tick();
            }
        });
        Self(Some(Bar { bytes, ended: Arc::default(), inputs: plan.jobs.len() }))
    }

    /// Gives the bytes of an input and counts them as they are read.
    pub(crate) fn watch(&self, source: Source) -> Source {
        match &self.0 {
            Some(bar) => Box::new(bar.bytes.wrap_read(source)),
            None => source,
        }
    }

    /// One more input has come to its end.
    pub(crate) fn ended(&self) {
        if let Some(bar) = &self.0
            && bar.inputs > 1
        {
            let ended = bar.ended.fetch_add(1, Ordering::Relaxed) + 1;
            bar.bytes.set_message(format!(", {ended} of {} inputs", bar.inputs));
        }
    }

    /// Writes something else to the terminal, with nothing of the progress on the same line.
    pub(crate) fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) => bar.bytes.suspend(write),
            None => write(),
        }
    }

    /// The run is over; what was shown goes.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.bytes.finish_and_clear();
        }
    }
}

/// How many bytes an input has, if it is a file. One that isn't there has none.
fn size(input: &Input) -> Option<u64> {
    match input {
        Input::Stdin => None,
        Input::File(path) => match fs::metadata(path) {
            Ok(metadata) => metadata.is_file().then_some(metadata.len()),
            Err(_) => Some(0),
        },
    }
}
