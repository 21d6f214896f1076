//! What went wrong, for a person: what it is about, what happened, and a hint where there is a remedy.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::exit::ExitCode;
use crate::input::Input;
use crate::input::codec::Broken;
use crate::output;

/// What to do where there is no such encoding.
pub(crate) const ENCODINGS: &str = "the labels are those of https://encoding.spec.whatwg.org/#names-and-labels";

/// Something that went wrong. It is printed where it happens and the run goes on, so it carries its exit code along.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file as it was named on the command line.
    subject: String,
    message: String,
    hint: Option<String>,
    code: ExitCode,
}

impl Failure {
    /// Arguments that make no sense together.
    pub(crate) fn usage(subject: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (subject, message) = (subject.into(), message.into());
        Self { subject, message, hint: Some(hint.into()), code: ExitCode::Usage }
    }

    /// There is no such encoding as was named.
    pub(crate) fn encoding(error: &dechaff::Error) -> Self {
        Self::usage("--encoding", error.to_string(), ENCODINGS)
    }

    /// `input` could not be opened or read.
    pub(crate) fn read(input: &Input, error: &io::Error) -> Self {
        let name = input.name();
        let hint = match error.kind() {
            ErrorKind::NotFound => Some("check the path".to_owned()),
            ErrorKind::PermissionDenied => Some("make the file readable, or run as a user who may read it".to_owned()),
            ErrorKind::IsADirectory => Some(format!("to clean the pages in it, add -r: dechaff -r {name}")),
            _ => Broken::of(error)
                .map(|_| "get the file again; on standard output, what could be unpacked comes out".to_owned()),
        };
        Self { subject: name, message: describe(error), hint, code: ExitCode::Failure }
    }

    /// The same where nothing can be done without what failed.
    pub(crate) fn into_usage(self) -> Self {
        Self { code: ExitCode::Usage, ..self }
    }

    /// The page in `input` could not be cleaned to its end.
    pub(crate) fn page(input: &Input, error: &dechaff::Error) -> Self {
        let hint = match error.kind() {
            dechaff::ErrorKind::ReplacementEncoding { .. } => {
                Some("if it says something wrong of itself, name its encoding: --encoding utf-8".to_owned())
            }
            dechaff::ErrorKind::Compressed { .. } => Some("only one layer is unpacked here".to_owned()),
            dechaff::ErrorKind::Memory { .. } => Some("look for a quoted value there that never ends".to_owned()),
            _ => None,
        };
        Self { subject: input.name(), message: error.to_string(), hint, code: ExitCode::Failure }
    }

    /// A record or a line of `input` is not as it should be, and was passed through.
    pub(crate) fn part(input: &Input, message: impl Into<String>) -> Self {
        Self { subject: input.name(), message: message.into(), hint: None, code: ExitCode::Failure }
    }

    /// `input` is something else than HTML, by its name.
    pub(crate) fn content(input: &Input, name: &str) -> Self {
        Self::part(input, format!("not HTML ({name}): passed through as it is"))
    }

    /// `input` has to be one page, and is something else, by its name.
    pub(crate) fn no_page(input: &Input, name: &str) -> Self {
        Self { hint: Some("name a page".to_owned()), ..Self::part(input, format!("not HTML ({name})")) }
    }

    /// The entry of a folder or a list that `path` names could not be read.
    pub(crate) fn listing(path: &Path, error: &io::Error) -> Self {
        Self::read(&Input::File(path.to_owned()), error)
    }

    /// `path`, named with the argument `value`, could not be created or written.
    pub(crate) fn write(path: &Path, value: &str, error: &io::Error) -> Self {
        let folder = output::folder(path);
        let name = folder.display();
        let hint = match error.kind() {
            ErrorKind::NotFound if folder.is_dir() => None,
            ErrorKind::NotFound if value == "OUT" => {
                Some(format!("create the directory {name} first, or end OUT with / to have it created: -o {name}/"))
            }
            ErrorKind::NotFound => Some(format!("create the directory {name} first")),
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                Some(format!("a file stands where a directory would be; name another {value}"))
            }
            ErrorKind::PermissionDenied => {
                Some(format!("both the file, if it is there, and {name} must be writable; or name another {value}"))
            }
            ErrorKind::IsADirectory => Some("name a file in it".to_owned()),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Some(format!("free some space, or name another {value}"))
            }
            _ => None,
        };
        Self { subject: path.display().to_string(), message: describe(error), hint, code: ExitCode::Failure }
    }

    /// Standard output could not be written.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        let hint = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Some("free some space, or write elsewhere with '-o OUT'".to_owned())
            }
            _ => None,
        };
        Self { subject: "stdout".to_owned(), message: describe(error), hint, code: ExitCode::Failure }
    }

    /// Its exit code.
    pub(crate) const fn code(&self) -> ExitCode {
        self.code
    }

    /// What is told on standard error: a line, and one more if there is a hint.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("dechaff: {}: {}\n", harmless(&self.subject), harmless(&self.message));
        if let Some(hint) = &self.hint {
            text.push_str("hint: ");
            text.push_str(&harmless(hint));
            text.push('\n');
        }
        text
    }
}

/// The words of the innermost error, as they stand in a sentence: lower case, without the number.
fn describe(error: &io::Error) -> String {
    let mut innermost = error;
    while let Some(next) = innermost.get_ref().and_then(|e| e.source()?.downcast_ref::<io::Error>()) {
        innermost = next;
    }
    let text = innermost.to_string();
    let text = text.split(" (os error ").next().unwrap_or_default();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_lowercase);
    let rest = letters.as_str();
    match (first, rest.split(' ').next()) {
        // `I/O` stays as it is.
        (Some(first), Some(word)) if !word.contains(char::is_uppercase) => first.chain(rest.chars()).collect(),
        _ => text.to_owned(),
    }
}

/// `text` with control characters and those that turn the direction of writing spelled out: file names may come from
/// strangers, and a terminal acts on them.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a terminal acts on a character, shows what follows it elsewhere, or on another line.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_like_part_of_a_sentence() {
        assert_eq!(describe(&io::Error::from(ErrorKind::IsADirectory)), "is a directory");
        assert_eq!(describe(&io::Error::other("I/O error")), "I/O error");
        assert_eq!(describe(&io::Error::other("")), "");
        #[cfg(unix)]
        assert_eq!(describe(&io::Error::from_raw_os_error(28)), "no space left on device");
    }

    #[test]
    fn the_innermost_error_is_told() {
        let missing = Path::new("/no/such/folder");
        let error = tempfile::Builder::new().tempfile_in(missing).unwrap_err();
        assert!(!describe(&error).contains("/no/such"), "{error}");
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn names_cannot_drive_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\n\u{202e}é"), "a\\u{1b}[2Jb\\n\\u{202e}é");
    }
}
