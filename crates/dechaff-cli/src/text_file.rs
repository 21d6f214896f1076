//! Files of text that the arguments name: rules, lists, settings. Without them nothing can be done.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::input::Input;

/// The text in the file at `path`, which has to be UTF-8; or why not, with `hint` if it is none.
pub(crate) fn read(path: &Path, hint: &str) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::read(&Input::File(path.to_owned()), &error).into_usage())?;
    String::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let what = at(&before, before.len(), "not UTF-8");
        Failure::usage(path.display().to_string(), what, hint)
    })
}

/// `what`, with the line of `text` that the byte at `place` is in.
pub(crate) fn at(text: &str, place: usize, what: &str) -> String {
    let lines = text.bytes().take(place).filter(|byte| *byte == b'\n').count();
    format!("line {}: {what}", lines + 1)
}
