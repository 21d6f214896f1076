//! The inputs that are not named one by one: the pages in a folder, and lists of names.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::failure::Failure;

/// What file names of pages end in, in any case.
const PAGES: [&str; 4] = [".html", ".htm", ".xhtml", ".shtml"];
/// What those of archives end in.
const ARCHIVES: [&str; 2] = [".warc", ".warc.gz"];
/// What may come after the ending of a page or of lines.
const PACKED: [&str; 3] = ["", ".gz", ".zst"];

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// The files to clean, sorted by name within each folder.
    pub(crate) files: Vec<PathBuf>,
    /// How many others were passed over.
    pub(crate) others: u64,
    /// Folders that could not be read.
    pub(crate) failures: Vec<Failure>,
}

/// Lists the pages and archives in `folder` and below, and files of lines too if `lines` is set. As with fd and ripgrep,
/// what is hidden is left out, and links are not followed. So is the folder `skip`, where the output goes.
pub(crate) fn walk(folder: &Path, lines: bool, skip: Option<&Path>) -> Listing {
    let skip = skip.and_then(|path| fs::canonicalize(path).ok());
    let wanted = |entry: &DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
        let output = || {
            skip.is_some()
                && entry.file_type().is_dir()
                && entry.depth() > 0
                && fs::canonicalize(entry.path()).ok() == skip
        };
        !hidden && !output()
    };
    let mut listing = Listing::default();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_file() && is_taken(entry.path(), lines) => {
                listing.files.push(entry.into_path());
            }
            Ok(_) => listing.others += 1,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                listing.failures.push(Failure::listing(&path, &error.into()));
            }
        }
    }
    listing
}

/// Whether a file of a folder is to be cleaned, by its name.
fn is_taken(path: &Path, lines: bool) -> bool {
    is_page(path) || ends_in(path, &ARCHIVES, &[""]) || lines && ends_in(path, &[".jsonl"], &PACKED)
}

/// Whether `path` has the name of a page.
pub(crate) fn is_page(path: &Path) -> bool {
    ends_in(path, &PAGES, &PACKED)
}

/// The name of what is made of the page at `path`: with another ending, and not packed. Of an archive, one with records of
/// another type is made.
pub(crate) fn converted(path: &Path, ending: &str) -> PathBuf {
    let packed = |plain: &[&str]| !ends_in(path, plain, &[""]);
    if is_page(path) {
        let page = if packed(&PAGES) { path.with_extension("") } else { path.to_owned() };
        return page.with_extension(ending);
    }
    if ends_in(path, &ARCHIVES, &[""]) {
        return if packed(&[".warc"]) { path.with_extension("wet.gz") } else { path.with_extension("warc.wet") };
    }
    let mut name = path.as_os_str().to_owned();
    name.extend([".", ending].map(OsString::from));
    name.into()
}

fn ends_in(path: &Path, endings: &[&str], packed: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
    let unpacked = packed.iter().filter_map(|end| name.strip_suffix(end.as_bytes()));
    unpacked.into_iter().any(|name| endings.iter().any(|end| name.ends_with(end.as_bytes()) && name.len() > end.len()))
}

/// The names in the list at `path`, `-` being standard input: one a line, or with a NUL after each if `nul` is set. Empty
/// ones are left out.
pub(crate) fn names(path: &Path, nul: bool) -> io::Result<Vec<PathBuf>> {
    let mut list = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut list)?;
    } else {
        list = fs::read(path)?;
    }
    let names = list.split(|byte| *byte == if nul { 0 } else { b'\n' });
    // As Windows ends a line.
    let names = names.map(|name| if nul { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    names.filter(|name| !name.is_empty()).map(|name| Ok(PathBuf::from(os_string(name)?))).collect()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a name may be none")]
fn os_string(name: &[u8]) -> io::Result<OsString> {
    Ok(std::os::unix::ffi::OsStringExt::from_vec(name.to_vec()))
}

#[cfg(not(unix))]
fn os_string(name: &[u8]) -> io::Result<OsString> {
    match std::str::from_utf8(name) {
        Ok(name) => Ok(name.into()),
        Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "a name in the list is not UTF-8")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_page_has_its_name() {
        for (path, want) in [
            ("a/b.html", "a/b.txt"),
            ("b.HTM.gz", "b.txt"),
            ("b.x.html.zst", "b.x.txt"),
            ("c.warc", "c.warc.wet"),
            ("c.warc.gz", "c.warc.wet.gz"),
            ("page", "page.txt"),
            ("a.b", "a.b.txt"),
        ] {
            assert_eq!(converted(Path::new(path), "txt"), Path::new(want));
        }
    }

    #[test]
    fn names_of_pages_and_archives_are_known() {
        for name in ["a.html", "A.HTM", "b.xhtml", "c.shtml.gz", "d.html.ZST", "e.warc", "f.warc.gz"] {
            assert!(is_taken(Path::new(name), false), "{name}");
        }
        for name in ["a.txt", "html", ".html", "a.html.bz2", "a.warc.zst", "a.css.gz", "b.jsonl", "b.jsonl.gz"] {
            assert!(!is_taken(Path::new(name), false), "{name}");
        }
        for name in ["b.jsonl", "b.jsonl.gz", "b.jsonl.zst"] {
            assert!(is_taken(Path::new(name), true), "{name}");
        }
    }
}
