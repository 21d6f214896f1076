//! Arguments from a file: what stands there becomes arguments, and counts as if it had been typed before the others.

use std::any::TypeId;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use toml_edit::{Document, Item, Value};

use crate::changing;
use crate::cli::Cli;
use crate::failure::Failure;
use crate::text_file;

/// What can't come from a file.
const TYPED: [&str; 3] = ["config", "help", "version"];

/// The arguments of this process, with those of a file if they name one. Ends it, as clap does, where help is asked for or an
/// argument makes no sense.
pub(crate) fn arguments() -> Result<Cli, Failure> {
    let mut typed: Vec<OsString> = env::args_os().collect();
    let matches = Cli::command().get_matches_from(&typed);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let Some(path) = &cli.cleaning().and_then(|cleaning| cleaning.changing.config.as_ref()) else { return Ok(cli) };
    let wanted = Wanted::new(&matches);
    let refuse = |what: String, hint: String| Failure::usage(path.display().to_string(), what, hint);
    let text = text_file::read(path, "name a TOML file, as --config says in 'dechaff --help'")?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let added = read(&text, folder, &wanted).map_err(|fault| refuse(fault.what, fault.hint))?;
    // After the name of the tool, or that of the command.
    let last = wanted.names.last().map_or(0, |name| typed.iter().position(|arg| arg == name).unwrap_or(0));
    let rest = typed.split_off(last + 1);
    let all = typed.into_iter().chain(added).chain(rest);
    // Each was right by itself: they don't go together.
    Cli::command()
        .try_get_matches_from(all)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| refuse(message(&error), "leave one of them out".to_owned()))
}

/// What the arguments are for: cleaning, or a command that cleans and does more.
struct Wanted<'m> {
    /// The names that lead to the command from the tool.
    names: Vec<&'m str>,
    command: Command,
    typed: &'m ArgMatches,
}

impl<'m> Wanted<'m> {
    fn new(matches: &'m ArgMatches) -> Self {
        let mut command = Cli::command();
        command.build();
        if let Some((name, typed)) = matches.subcommand()
            && let Some(command) = command.find_subcommand(name)
        {
            return Self { names: vec![name], command: command.clone(), typed };
        }
        Self { names: Vec::new(), command, typed: matches }
    }
}

/// What is wrong in a file, with its line, and what to do.
#[derive(Debug)]
struct Fault {
    what: String,
    hint: String,
}

/// The arguments that `text` stands for, without those that were typed instead. Paths begin in `folder`.
fn read(text: &str, folder: &Path, wanted: &Wanted<'_>) -> Result<Vec<OsString>, Fault> {
    let Wanted { names, command, typed } = wanted;
    let at = |place: Option<usize>, what: &str| place.map_or(what.to_owned(), |place| text_file::at(text, place, what));
    let document = Document::parse(text).map_err(|error| Fault {
        what: at(error.span().map(|span| span.start), error.message()),
        hint: "the file is TOML: a key, '=', and a value on each line".to_owned(),
    })?;
    let mut added = Vec::new();
    for (key, item) in document.iter() {
        let place = document.key(key).and_then(|key| key.span()).map(|span| span.start);
        let Some(arg) = argument(command, key) else {
            let what = at(place, &format!("unknown key '{key}'"));
            return Err(Fault { what, hint: format!("there are {}", keys(command).join(", ")) });
        };
        let values = values(arg, item, folder).map_err(|wanted| Fault {
            what: at(place, &format!("{key}: {wanted} is wanted")),
            hint: "'dechaff --help' says what it takes".to_owned(),
        })?;
        for (place, value) in &values {
            check(names, key, value.as_ref()).map_err(|(what, hint)| Fault { what: at(*place, &what), hint })?;
        }
        if counts(command, arg, typed) {
            added.extend(values.into_iter().filter_map(|(_, value)| Some(written(key, &value?))));
        }
    }
    Ok(added)
}

/// A value, and the byte of the file where it stands.
type Placed = (Option<usize>, Option<Set>);

/// What an argument is set to.
enum Set {
    /// It is given without a value.
    On,
    To(OsString),
}

/// The argument with this long name.
fn argument<'c>(command: &'c Command, key: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| arg.get_long() == Some(key) && !TYPED.contains(&key))
}

/// All keys there are.
fn keys(command: &Command) -> Vec<&str> {
    command.get_arguments().filter_map(Arg::get_long).filter(|key| !TYPED.contains(key)).collect()
}

/// The values of a key; or what it wants instead.
fn values(arg: &Arg, item: &Item, folder: &Path) -> Result<Vec<Placed>, &'static str> {
    let flag = matches!(arg.get_action(), ArgAction::SetTrue);
    let optional = arg.get_num_args().is_some_and(|count| count.min_values() == 0);
    let many = matches!(arg.get_action(), ArgAction::Append);
    let path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    let wanted = match (flag, optional, many) {
        (true, ..) => "true or false",
        (_, true, _) => "true, false or a text",
        (.., true) => "a text or a list of texts",
        _ => "a text or a number",
    };
    let one = |value: &Value| {
        let place = value.span().map(|span| span.start);
        let set = match value {
            Value::Boolean(on) if flag || optional => on.value().then_some(Set::On),
            Value::String(text) if path && text.value() != "-" => Some(Set::To(folder.join(text.value()).into())),
            Value::String(text) if !flag => Some(Set::To(text.value().into())),
            Value::Integer(number) if !flag && !many && !path => Some(Set::To(number.value().to_string().into())),
            _ => return Err(wanted),
        };
        Ok((place, set))
    };
    match item.as_value() {
        Some(Value::Array(list)) if many => list.iter().map(one).collect(),
        Some(value) => Ok(vec![one(value)?]),
        None => Err(wanted),
    }
}

/// Whether a value can be what the key is set to; or what is wrong with it, and what to do.
fn check(names: &[&str], key: &str, value: Option<&Set>) -> Result<(), (String, String)> {
    let Some(value) = value else { return Ok(()) };
    if let Set::To(text) = value {
        changing::check(key, &text.to_string_lossy())?;
    }
    let names = ["dechaff"].iter().chain(names).map(OsString::from);
    match Cli::command().try_get_matches_from(names.chain([written(key, value)])) {
        // What it needs beside it may come from elsewhere.
        Err(error) if error.kind() != ErrorKind::MissingRequiredArgument => {
            Err((message(&error), format!("'dechaff --help' says what --{key} takes")))
        }
        _ => Ok(()),
    }
}

/// Whether an argument counts beside those that were typed: they go before it.
fn counts(command: &Command, arg: &Arg, typed: &ArgMatches) -> bool {
    let is_typed = |arg: &Arg| typed.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let adds = matches!(arg.get_action(), ArgAction::Append) && arg.get_long() != Some("category");
    let excluded = |other: &Arg| {
        let conflicts = |one: &Arg, other: &Arg| {
            command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
        };
        is_typed(other) && (conflicts(arg, other) || conflicts(other, arg))
    };
    (adds || !is_typed(arg)) && !command.get_arguments().any(excluded)
}

/// An argument as it is typed.
fn written(key: &str, value: &Set) -> OsString {
    let mut argument = OsString::from(format!("--{key}"));
    if let Set::To(value) = value {
        argument.push("=");
        argument.push(value);
    }
    argument
}

/// The first line of what clap says.
fn message(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, typed: &[&str]) -> Result<Vec<String>, String> {
        let typed = Cli::command().try_get_matches_from([&["dechaff"], typed].concat()).unwrap();
        let added = read(text, Path::new("conf"), &Wanted::new(&typed)).map_err(|fault| fault.what)?;
        Ok(added.into_iter().map(|arg| arg.into_string().unwrap()).collect())
    }

    #[test]
    fn keys_become_arguments() {
        let text = "category = ['all']\nkeep = ['.a', '.b']\nremove = '.c'\njobs = 2\nrecursive = true\nnull = false\n\
                    in-place = '.orig'\nrules = ['house.toml', '/etc/x.toml']\nfiles-from = '-'";
        let want = [
            "--category=all",
            "--keep=.a",
            "--keep=.b",
            "--remove=.c",
            "--jobs=2",
            "--recursive",
            "--in-place=.orig",
            "--rules=conf/house.toml",
            "--rules=/etc/x.toml",
            "--files-from=-",
        ];
        assert_eq!(added(text, &[]).unwrap(), want);
        assert_eq!(added("in-place = true", &[]).unwrap(), ["--in-place"]);
        assert!(added("in-place = false\n", &[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_typed_goes_before_the_file() {
        let text = "category = 'all'\nencoding = 'gbk'\nkeep = '.a'\nin-place = true";
        let typed = ["--category", "cookie-notice", "--keep", ".b", "-o", "x", "--encoding=utf-8"];
        assert_eq!(added(text, &typed).unwrap(), ["--keep=.a"]);
    }

    #[test]
    fn a_fault_has_its_line() {
        for (text, want) in [
            ("\ncategories = 'all'", "line 2: unknown key 'categories'"),
            ("config = 'x'", "line 1: unknown key 'config'"),
            ("jobs = 0", "line 1: invalid value '0' for '--jobs <N>': number would be zero for non-zero type"),
            ("keep = [\n'.a',\n'b:hover']", "line 3: selector 'b:hover': ':hover' is not supported"),
            ("\nencoding = 'x'", "line 2: unknown encoding 'x'"),
            ("recursive = 'yes'", "line 1: recursive: true or false is wanted"),
            ("url = ['a']", "line 1: url: a text or a number is wanted"),
            ("[keep]\na = 1", "line 1: keep: a text or a list of texts is wanted"),
        ] {
            assert_eq!(added(text, &[]).unwrap_err(), want);
        }
        assert!(added("category = 'all'\nkeep = [", &[]).unwrap_err().starts_with("line 2: "));
        assert!(added("category = ['ads']", &[]).unwrap_err().starts_with("line 1: invalid value 'ads'"));
    }
}
