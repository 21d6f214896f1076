//! The user's own rules: read from the arguments and the files they name, and added to those of the library.

use std::path::Path;

use dechaff::{Cleaner, CleanerBuilder, ErrorKind, FilterList, RuleFile, Selector};

use crate::cli::changing::Changing;
use crate::failure::{Failure, harmless};
use crate::text_file;

/// What to do about a selector that is refused.
const SELECTORS: &str = "what a selector can have is said at --remove in 'dechaff --help'";

/// The user's own rules, read.
#[derive(Debug, Default)]
pub(crate) struct OwnRules {
    remove: Vec<Selector>,
    keep: Vec<Selector>,
    files: Vec<RuleFile>,
    lists: Vec<FilterList>,
    /// What each filter list has in it that counts, and that does not: a line for each.
    pub(crate) notes: Vec<String>,
}

impl OwnRules {
    /// Reads what the arguments name, or says what is wrong with it.
    pub(crate) fn read(args: &Changing) -> Result<Self, Failure> {
        let mut own = Self {
            remove: args.remove.iter().map(|text| selector("--remove", text)).collect::<Result<_, _>>()?,
            keep: args.keep.iter().map(|text| selector("--keep", text)).collect::<Result<_, _>>()?,
            files: args.rules.iter().map(|path| rule_file(path).map(|(file, _)| file)).collect::<Result<_, _>>()?,
            ..Self::default()
        };
        for path in &args.filter_lists {
            let list = filter_list(path)?;
            own.notes.push(format!("dechaff: {}: {}\n", harmless(&path.to_string_lossy()), harmless(&summary(&list))));
            own.lists.push(list);
        }
        Ok(own)
    }

    /// Adds them all to what a cleaner is built from.
    pub(crate) fn add_to(self, builder: CleanerBuilder) -> CleanerBuilder {
        let builder = self.remove.into_iter().fold(builder, CleanerBuilder::remove);
        let builder = self.keep.into_iter().fold(builder, CleanerBuilder::keep);
        let builder = self.files.into_iter().fold(builder, CleanerBuilder::rules);
        self.lists.into_iter().fold(builder, CleanerBuilder::filter_list)
    }
}

/// The selector that `text` is; `subject` is what it was named with.
pub(crate) fn selector(subject: &str, text: &str) -> Result<Selector, Failure> {
    text.parse().map_err(|error: dechaff::Error| Failure::usage(subject, error.to_string(), SELECTORS))
}

/// Whether `value` can be that of the argument with the long name `key`, as far as the library knows; else what is wrong and
/// what to do.
pub(crate) fn check(key: &str, value: &str) -> Result<(), (String, String)> {
    match key {
        "keep" | "remove" => match value.parse::<Selector>() {
            Ok(_) => Ok(()),
            Err(error) => Err((error.to_string(), SELECTORS.to_owned())),
        },
        "encoding" => match Cleaner::builder().categories([]).text_evidence(false).build().page().encoding(value) {
            Ok(_) => Ok(()),
            Err(error) => Err((error.to_string(), crate::failure::ENCODINGS.to_owned())),
        },
        _ => Ok(()),
    }
}

/// The rule file at `path`, and its text. Its rules are called after it.
pub(crate) fn rule_file(path: &Path) -> Result<(RuleFile, String), Failure> {
    let text = text_file::read(path, "rule files are TOML, in UTF-8: 'dechaff rules show onetrust' shows one")?;
    let file = RuleFile::parse(&stem(path), &text).map_err(|error| {
        refuse(
            path,
            error,
            "'dechaff rules show onetrust' shows a file that is right; what there is in one is told in \
            https://docs.rs/dechaff/latest/dechaff/struct.RuleFile.html",
        )
    })?;
    Ok((file, text))
}

/// The filter list at `path`.
fn filter_list(path: &Path) -> Result<FilterList, Failure> {
    let text = text_file::read(path, "get the list again, as text in UTF-8")?;
    FilterList::parse(&stem(path), &text)
        .map_err(|error| refuse(path, error, "get the list itself, not the page that links to it"))
}

/// The name of a file without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What the library says of a file, which it calls by another name.
fn refuse(path: &Path, error: dechaff::Error, hint: &str) -> Failure {
    let what = match error.into_kind() {
        ErrorKind::Rules { what, .. } => what,
        other => other.to_string(),
    };
    Failure::usage(path.display().to_string(), what, hint)
}

/// How much of a list counts, and what is passed over.
fn summary(list: &FilterList) -> String {
    let skipped = list.skipped();
    let mut text = format!("{} {}", grouped(list.len()), if list.len() == 1 { "rule" } else { "rules" });
    let kinds = [(skipped.network, "network"), (skipped.procedural, "procedural"), (skipped.selectors, "unsupported")];
    let kinds: Vec<_> = kinds.into_iter().filter(|(count, _)| *count > 0).collect();
    let Some(((count, kind), before)) = kinds.split_last() else { return text };
    text.push_str("; ");
    if !before.is_empty() {
        let before: Vec<_> = before.iter().map(|(count, kind)| format!("{} {kind}", grouped(*count))).collect();
        text.push_str(&format!("{} and ", before.join(", ")));
    }
    let all = skipped.network + skipped.procedural + skipped.selectors;
    text.push_str(&format!("{} {kind} {} passed over", grouped(*count), if all == 1 { "one" } else { "ones" }));
    if let Some(first) = &skipped.first_selector {
        text.push_str(&format!(" (first: {})", first.strip_prefix("selector ").unwrap_or(first)));
    }
    text
}

/// A number with commas: `14,600`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_summed_up() {
        let sum = |text: &str| summary(&FilterList::parse("list", text).unwrap());
        assert_eq!(sum(""), "0 rules");
        assert_eq!(sum("##.a"), "1 rule");
        assert_eq!(sum("##.a\n##.b\n||c^"), "2 rules; 1 network one passed over");
        assert_eq!(
            sum("##.a\n||c^\n||d^\n##e:has-text(f)\n##p:hover\n##p:focus"),
            "1 rule; 2 network, 1 procedural and 2 unsupported ones passed over (first: 'p:hover': ':hover' is not supported)"
        );
        assert_eq!(sum(&"||a^\n".repeat(12_345)), "0 rules; 12,345 network ones passed over");
    }
}
