//! Inputs are worked on side by side; what they say comes out in their order.
//!
//! Each input has a [`Lane`] for its document on standard output, its lines of the report and its messages. The lane whose
//! turn it is passes everything on at once. The others hold theirs back until the lanes before them have ended, and wait
//! when they hold too much.

use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::exit::ExitCode;
use crate::failure::Failure;
use crate::output::BUFFER;
use crate::progress::Progress;
use crate::report::ReportWriter;
use crate::seeing::tally::Tally;
use crate::seeing::{Seen, Stream, Views, html};

/// How much a lane holds back before it waits for its turn, in bytes.
const HELD: usize = 4 << 20;

/// Where all lanes lead.
pub(crate) struct Front {
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    turn: usize,
    stdout: BufWriter<Stdout>,
    /// Standard output failed, or its reader went away: no one is left to work for.
    closed: bool,
    files: Files,
    tally: Tally,
    progress: Progress,
    code: ExitCode,
    failed: usize,
}

/// The files that take more than one lane, each with its name.
#[derive(Default)]
pub(crate) struct Files {
    /// The report.
    pub(crate) report: Option<(PathBuf, ReportWriter)>,
    /// That for browsers.
    pub(crate) html: Option<(PathBuf, ReportWriter)>,
}

impl Front {
    /// One at which the first lane has its turn.
    pub(crate) fn new(files: Files, progress: Progress) -> Self {
        let stdout = BufWriter::with_capacity(BUFFER, io::stdout());
        let (tally, code) = (Tally::default(), ExitCode::Success);
        let state = State { turn: 0, stdout, closed: false, files, tally, progress, code, failed: 0 };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    /// The lane of the input number `index`, from 0. There must be one for each number, up to the last one opened.
    pub(crate) fn lane(&self, index: usize) -> Lane<'_> {
        Lane { front: self, index, mine: Cell::new(false), held: RefCell::default() }
    }

    /// Tells of a failure that is none of a lane's input.
    pub(crate) fn fail(&self, failure: &Failure) {
        let mut state = self.lock();
        state.fail(failure);
        state.add(&mut html::failure(failure), |files| &mut files.html);
        state.failed += 1;
    }

    /// Tells of something that is no failure.
    pub(crate) fn say(&self, text: &str) {
        self.lock().say(text.as_bytes());
    }

    /// Whether nothing more can be written.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Ends the run of `count` inputs: the reports get their names, and what went and what failed is counted. Gives the exit
    /// code.
    pub(crate) fn end(self, count: usize, views: &Views) -> ExitCode {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.progress.end();
        if state.closed {
            return state.code;
        }
        let Files { report, html } = std::mem::take(&mut state.files);
        if let Some((path, report)) = report
            && let Err(error) = report.commit()
        {
            state.fail(&Failure::write(&path, "FILE", &error));
        }
        if let Some((path, mut file)) = html
            && let Err(error) = file.add(&html::tail(&state.tally)).and_then(|()| file.commit())
        {
            state.fail(&Failure::write(&path, "FILE", &error));
        }
        if views.stats {
            let table = views.table(&state.tally);
            match views.stream {
                Stream::Err => state.say(table.as_bytes()),
                Stream::Out => {
                    if let Err(error) = state.stdout.write_all(table.as_bytes()).and_then(|()| state.stdout.flush()) {
                        state.close(error);
                    }
                }
            }
        }
        // One that failed speaks for itself.
        if state.failed > 1 {
            let _ = writeln!(io::stderr(), "dechaff: {} of {count} inputs failed", state.failed);
        }
        state.code
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fail(&mut self, failure: &Failure) {
        self.say(failure.text().as_bytes());
        self.code = self.code.merge(failure.code());
    }

    /// Should standard error be gone, there is no one left to tell.
    fn say(&self, text: &[u8]) {
        if !text.is_empty() {
            let _ = self.progress.apart(|| io::stderr().write_all(text));
        }
    }

    /// Passes on what a lane held.
    fn take(&mut self, held: &mut Held) -> io::Result<()> {
        if self.closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        if let Err(error) = self.stdout.write_all(&held.document) {
            return Err(self.close(error));
        }
        held.document.clear();
        self.say(&held.messages);
        held.messages.clear();
        self.code = self.code.merge(held.code);
        let Held { report, html, .. } = held;
        self.add(report, |files| &mut files.report);
        self.add(html, |files| &mut files.html);
        self.tally.append(std::mem::take(&mut held.tally));
        Ok(())
    }

    /// Adds to a file. One that can't be written is given up; the pages are what matters.
    fn add(&mut self, text: &mut Vec<u8>, file: impl Fn(&mut Files) -> &mut Option<(PathBuf, ReportWriter)>) {
        if let Some((path, mut writer)) = file(&mut self.files).take() {
            match writer.add(text) {
                Ok(()) => *file(&mut self.files) = Some((path, writer)),
                Err(error) => self.fail(&Failure::write(&path, "FILE", &error)),
            }
        }
        text.clear();
    }

    /// Gives up standard output. If its reader has seen enough, that is no reason to complain.
    fn close(&mut self, error: io::Error) -> io::Error {
        if error.kind() != ErrorKind::BrokenPipe {
            self.fail(&Failure::stdout(&error));
        }
        self.closed = true;
        error
    }
}

/// What one input says. Dropped, it passes on the rest and the turn to the next one.
pub(crate) struct Lane<'f> {
    front: &'f Front,
    index: usize,
    /// Its turn has come, and stays until the end.
    mine: Cell<bool>,
    held: RefCell<Held>,
}

#[derive(Default)]
struct Held {
    document: Vec<u8>,
    report: Vec<u8>,
    html: Vec<u8>,
    messages: Vec<u8>,
    tally: Tally,
    code: ExitCode,
}

impl Lane<'_> {
    /// Adds what is to be said of pages.
    pub(crate) fn see(&self, mut seen: Seen) {
        let mut held = self.held.borrow_mut();
        held.document.append(&mut seen.out);
        held.messages.append(&mut seen.err);
        held.report.append(&mut seen.report);
        held.html.append(&mut seen.html);
        held.tally.append(seen.tally);
        drop(held);
        // An error of standard output shows when the document is written.
        let _ = self.pass(false);
    }

    /// Tells of a failure, and that this input failed.
    pub(crate) fn fail(&self, failure: &Failure) {
        let mut held = self.held.borrow_mut();
        held.messages.extend_from_slice(failure.text().as_bytes());
        held.html.append(&mut html::failure(failure));
        held.code = held.code.merge(failure.code());
        drop(held);
        let _ = self.pass(true);
    }

    /// Passes on what is held, if this lane has its turn. Waits for the turn if that is too much to hold on to. What is
    /// little stays held, unless it is `urgent`.
    fn pass(&self, urgent: bool) -> io::Result<()> {
        let mut held = self.held.borrow_mut();
        let size = held.document.len() + held.report.len() + held.html.len() + held.messages.len();
        if size < BUFFER && !urgent {
            return Ok(());
        }
        let mut state = self.front.lock();
        if state.turn != self.index {
            if size < HELD {
                return Ok(());
            }
            state = self.wait(state);
        }
        self.mine.set(true);
        state.take(&mut held)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        let turn = |state: &mut State| state.turn != self.index;
        self.front.moved.wait_while(state, turn).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The document.
impl Write for &Lane<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.borrow_mut().document.extend_from_slice(bytes);
        self.pass(false)?;
        Ok(bytes.len())
    }

    /// Passes all on if it is this lane's turn. If not, no one is waiting for it yet.
    fn flush(&mut self) -> io::Result<()> {
        self.pass(true)?;
        if !self.mine.get() {
            return Ok(());
        }
        let mut state = self.front.lock();
        match state.stdout.flush() {
            Ok(()) => Ok(()),
            Err(_) if state.closed => Err(ErrorKind::BrokenPipe.into()),
            Err(error) => Err(state.close(error)),
        }
    }
}

/// Takes the document where it goes nowhere. What else is said passes on as if it did go to standard output.
pub(crate) struct Mute<'l, 'f>(pub(crate) &'l Lane<'f>);

impl Write for Mute<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut lane = self.0;
        lane.flush()
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        let mut state = self.wait(self.front.lock());
        let mut held = self.held.borrow_mut();
        let failed = held.code != ExitCode::Success;
        if !state.closed && state.take(&mut held).is_ok() {
            state.failed += usize::from(failed);
            if let Err(error) = state.stdout.flush() {
                state.close(error);
            }
        }
        state.turn += 1;
        drop(state);
        self.front.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_holds_back_until_its_turn_and_counts_what_failed() {
        let front = Front::new(Files::default(), Progress::default());
        let (first, second) = (front.lane(0), front.lane(1));
        second.fail(&Failure::usage("b.html", "no", "none"));
        assert_eq!(front.lock().code, ExitCode::Success);
        assert!(!second.held.borrow().messages.is_empty());
        drop(first);
        drop(second);
        let state = front.lock();
        assert_eq!((state.code, state.failed, state.turn), (ExitCode::Usage, 1, 2));
    }
}
