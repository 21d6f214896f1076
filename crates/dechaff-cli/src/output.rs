//! Files that appear whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::interrupt::{self, Guarded};

/// How much is gathered before it is written: an engine that cuts writes in many small pieces.
pub(crate) const BUFFER: usize = 64 * 1024;

/// A file being written. Under its name it appears with [`OutFile::commit`]; dropped before that, it leaves nothing
/// behind.
///
/// The bytes go to a temporary file in the same directory, which is then renamed. That makes it safe to write to the
/// file that is being read. A device or a named pipe can't be replaced like that; it is written as it is.
#[derive(Debug)]
pub(crate) struct OutFile {
    file: BufWriter<File>,
    pending: Option<Pending>,
}

/// What is left to do when all bytes are written. After `file` in [`OutFile`], so that on drop the file is closed
/// first.
#[derive(Debug)]
struct Pending {
    temp: Guarded,
    target: PathBuf,
    /// The file that will be replaced, if there is one.
    old: Option<Metadata>,
}

impl OutFile {
    /// Starts a file that will be called `path`. If that is a symbolic link, what it points to will be replaced, not
    /// the link.
    ///
    /// A file that is there must be writable, although a rename would not ask: who made it read-only meant it.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        if stands_for_open_file(path) {
            let file = OpenOptions::new().append(true).open(path)?;
            return Ok(Self { file: BufWriter::with_capacity(BUFFER, file), pending: None });
        }
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let old = match OpenOptions::new().write(true).open(&target) {
            Ok(file) => {
                let old = file.metadata()?;
                if !old.is_file() {
                    return Ok(Self { file: BufWriter::with_capacity(BUFFER, file), pending: None });
                }
                Some(old)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let (file, temp) = interrupt::create(|| builder(old.is_none()).tempfile_in(folder(&target)))?;
        let pending = Some(Pending { temp, target, old });
        Ok(Self { file: BufWriter::with_capacity(BUFFER, file), pending })
    }

    /// Gives the file its name. The one that has it is kept if `suffix` is given, under its name and the suffix.
    pub(crate) fn commit(mut self, suffix: Option<&OsStr>) -> io::Result<()> {
        self.file.flush()?;
        let Some(Pending { temp, target, old }) = self.pending.take() else { return Ok(()) };
        if let Some(old) = &old {
            take_after(self.file.get_ref(), old)?;
        }
        drop(self.file);
        if let Some(suffix) = suffix {
            keep(&target, suffix)?;
        }
        temp.persist(&target)
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Refuses a `path` at which something else than a file lies: a pipe or a device can't be cleaned in place, and opening it
/// may wait for ever. What is not there, or a directory, is left to whoever opens it.
pub(crate) fn check_place(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(data) if !(data.is_file() || data.is_dir()) || stands_for_open_file(path) => {
            Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file, which can't be cleaned in place"))
        }
        _ => Ok(()),
    }
}

/// The directory that `path` lies in.
pub(crate) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether `path` is the name of a file that the shell has opened. If that is a regular one, the shell and others go on
/// writing to it: it must be added to, not replaced.
fn stands_for_open_file(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"].iter().any(|name| path.starts_with(name))
}

/// Keeps the file at `path` under a second name: its own and `suffix`. An older one of that name is replaced. At no time is
/// there no file at `path`: the second name is a link to it; where there are no links, a copy.
fn keep(path: &Path, suffix: &OsStr) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    let link = |temp: &Path| match fs::hard_link(path, temp) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::copy(path, temp).map(|_| ()),
        done => done,
    };
    let ((), temp) = interrupt::create(|| builder(false).make_in(folder(path), link))?;
    let link = temp.to_path_buf();
    temp.persist(Path::new(&name))?;
    // It is gone, unless both names were links to one file already: then the system leaves it.
    let _ = fs::remove_file(link);
    Ok(())
}

/// How a temporary file is made. A `new` file gets the mode that any program would give it: the system takes the umask
/// off. One that replaces another stays private until it takes over that one's mode.
fn builder(new: bool) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dechaff-").suffix(".tmp");
    #[cfg(unix)]
    if new {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = new;
    builder
}

/// Gives `file` the owner, where that is allowed, and the permissions of the `old` one. The owner first: changing it
/// clears bits of the mode. What is right already is not set again: not every file system takes it.
fn take_after(file: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            let _ = fchown(file, Some(old.uid()), Some(old.gid()));
        }
    }
    if file.metadata()?.permissions() != old.permissions() {
        file.set_permissions(old.permissions())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_lies_in_the_current_directory() {
        assert_eq!(folder(Path::new("page.html")), Path::new("."));
        assert_eq!(folder(Path::new("a/page.html")), Path::new("a"));
        assert_eq!(folder(Path::new("/page.html")), Path::new("/"));
    }

    #[test]
    fn nothing_is_left_of_a_file_that_is_not_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        let mut file = OutFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(!path.exists());
        drop(file);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }
}
