//! The built-in rules, a line for each.

use dechaff::{Category, RuleFile};
use serde::Serialize;

use crate::cli::commands::List;
use crate::plan::categories;

/// A rule, as `--json` writes it.
#[derive(Serialize)]
struct Row {
    id: String,
    category: &'static str,
    strength: &'static str,
    vendor: String,
}

/// The rules of the categories that `args` name, in the form they ask for.
pub(super) fn list(args: &List) -> String {
    let chosen = categories(&args.categories);
    let rows = rows(|category| chosen.contains(&category));
    if args.json {
        // Neither the struct nor a string can fail.
        rows.iter().filter_map(|row| serde_json::to_string(row).ok()).map(|line| line + "\n").collect()
    } else {
        table(&rows)
    }
}

fn rows(chosen: impl Fn(Category) -> bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for file in RuleFile::built_in().filter(|file| chosen(file.category())) {
        let strength = if file.is_certain() { "certain" } else { "likely" };
        rows.extend(file.rules().map(|rule| Row {
            id: rule.id.to_string(),
            category: file.category().name(),
            strength: if rule.keeps { "keep" } else { strength },
            vendor: file.vendor().to_owned(),
        }));
    }
    rows
}

/// The rows with their columns one below the other. Ids, categories and strengths are ASCII and have no space in them.
fn table(rows: &[Row]) -> String {
    let width = |column: fn(&Row) -> &str| rows.iter().map(|row| column(row).len()).max().unwrap_or_default();
    let (ids, categories, strengths) = (width(|row| &row.id), width(|row| row.category), width(|row| row.strength));
    rows.iter()
        .map(|Row { id, category, strength, vendor }| {
            format!("{id:ids$}  {category:categories$}  {strength:strengths$}  {vendor}\n")
        })
        .collect()
}
