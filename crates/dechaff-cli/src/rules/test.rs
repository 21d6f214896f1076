//! Rule files by their own examples.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use dechaff::{Category, Cleaner, RuleExample, RuleFile};

use crate::changing::{grouped, rule_file};
use crate::command::print;
use crate::exit::ExitCode;
use crate::failure::Failure;

/// The words that an example with `prose` asks for: thirty times ten.
const PROSE: &str = "one two three four five six seven eight nine ten ";

/// Tries the examples of all files and prints what becomes of them. All files are read before the first one is tried.
pub(super) fn test(paths: &[PathBuf]) -> Result<ExitCode, Failure> {
    let files = paths.iter().map(|path| Ok((path, read(path)?))).collect::<Result<Vec<_>, Failure>>()?;
    let (mut text, mut failed) = (String::new(), 0);
    for (path, file) in files {
        failed += try_file(&path.to_string_lossy(), &file, &mut text);
    }
    print(text)?;
    Ok(if failed > 0 { ExitCode::Failure } else { ExitCode::Success })
}

/// The file at `path`. If it lies in a folder for a category, as the built-in ones do, and names none, it is of that one.
fn read(path: &Path) -> Result<RuleFile, Failure> {
    let (file, text) = rule_file(path)?;
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    match folder.parse::<Category>() {
        Ok(category) if file.category() == Category::Custom => {
            Ok(RuleFile::parse(file.name(), &format!("category = '{category}'\n{text}")).unwrap_or(file))
        }
        _ => Ok(file),
    }
}

/// Tries the examples of a file; adds what is to be said to `text`. Gives how many came out in another way than they say.
fn try_file(path: &str, file: &RuleFile, text: &mut String) -> usize {
    // What the text of an element says is no matter of rules.
    let categories = (file.category() != Category::Custom).then_some(file.category());
    let cleaner = Cleaner::builder().categories(categories).text_evidence(false).rules(file.clone()).build();
    let (mut count, mut failed, mut hit) = (0, 0, BTreeSet::new());
    for example in file.examples() {
        count += 1;
        failed += usize::from(!try_example(&cleaner, &example, &mut hit, |line| {
            let _ = writeln!(text, "{path}: {line}");
        }));
    }
    for rule in file.rules().filter(|rule| !rule.keeps && !hit.contains(&*rule.id)) {
        let _ = writeln!(text, "{path}: no example is cut by rule '{}'", rule.name);
    }
    let _ = match (count, failed) {
        (0, _) => writeln!(text, "{path}: no examples"),
        (1, 0) => writeln!(text, "{path}: 1 example, as it says"),
        (1, _) => writeln!(text, "{path}: 1 example, which failed"),
        (_, 0) => writeln!(text, "{path}: {} examples, all as they say", grouped(count)),
        _ => writeln!(text, "{path}: {} examples, {} failed", grouped(count), grouped(failed)),
    };
    failed
}

/// Whether an example comes out as it says. If not, `say` is told how it does, and why.
fn try_example(
    cleaner: &Cleaner,
    example: &RuleExample<'_>,
    hit: &mut BTreeSet<String>,
    mut say: impl FnMut(String),
) -> bool {
    let prose = if example.prose { format!("<p>{}</p>", PROSE.repeat(30)) } else { String::new() };
    let (page, want) = (format!("{prose}{}", example.html), format!("{prose}{}", example.want));
    let (got, report) = match cleaner.clean(page.as_bytes()) {
        Ok(cleaned) => cleaned,
        Err(error) => {
            say(format!("{}: {error}", example.name));
            return false;
        }
    };
    hit.extend(report.cuts.iter().map(|cut| cut.rule.to_string()));
    if got == want.as_bytes() {
        return true;
    }
    let got = String::from_utf8_lossy(&got);
    say(format!("{}: it does not come out as it says", example.name));
    say(format!("  want: {}", example.want));
    say(format!("  got:  {}", got.strip_prefix(&prose).unwrap_or(&got)));
    for cut in &report.cuts {
        say(format!("  cut:  <{}> by {}", cut.tag, cut.rule));
    }
    for decline in &report.declines {
        say(format!("  kept: <{}> that {} picked: {}", decline.tag, decline.rule, decline.reason));
    }
    false
}
