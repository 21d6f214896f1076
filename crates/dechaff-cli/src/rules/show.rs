//! A rule as it is written, in a file that can be used as it is.

use dechaff::RuleFile;
use toml_edit::{DocumentMut, Item, value};

use crate::failure::Failure;

/// The built-in file, or the one rule of it, that `id` names, as TOML.
pub(super) fn show(id: &str) -> Result<String, Failure> {
    let (stem, name) = match id.split_once('/') {
        Some((stem, name)) => (stem, Some(name)),
        None => (id, None),
    };
    let hint = match stem {
        "text" => {
            "text is judged by the words of its language, not by a rule: crates/dechaff/cues in the sources has them"
        }
        _ => "'dechaff rules list' has all ids",
    };
    let unknown = |what: String| Failure::usage(id, what, hint);
    let file = RuleFile::built_in().find(|file| file.name() == stem);
    let file = file.ok_or_else(|| unknown(format!("no file of rules is called '{stem}'")))?;
    if let Some(name) = name
        && !file.rules().any(|rule| rule.name == name)
    {
        let names: Vec<_> = file.rules().map(|rule| rule.name.to_owned()).collect();
        return Err(unknown(format!("'{stem}' has no rule '{name}'; there are: {}", names.join(", "))));
    }
    let mut document: DocumentMut =
        file.text().parse().map_err(|error: toml_edit::TomlError| unknown(error.message().to_owned()))?;
    // The folder says it; a file by itself has to.
    document.insert("category", value(file.category().name()));
    if let Some(name) = name {
        for kind in ["rule", "keep"] {
            let Some(tables) = document.get_mut(kind).and_then(Item::as_array_of_tables_mut) else { continue };
            tables.retain(|rule| rule.get("name").and_then(Item::as_str) == Some(name));
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_shown_and_read_again() {
        for file in RuleFile::built_in() {
            let again = RuleFile::parse(file.name(), &show(file.name()).unwrap()).unwrap();
            assert_eq!((again.category(), again.vendor()), (file.category(), file.vendor()));
            assert!(again.rules().eq(file.rules()) && again.examples().eq(file.examples()));
            for rule in file.rules() {
                let one = RuleFile::parse(file.name(), &show(&rule.id).unwrap()).unwrap();
                assert_eq!((one.rules().collect::<Vec<_>>(), one.source()), (vec![rule], file.source()));
                assert!(one.examples().eq(file.examples()));
            }
        }
    }
}
