//! How much went, by category and rule.

use std::collections::BTreeMap;

use dechaff::{Category, Report};

use super::original::Text;
use super::{grouped, percent, words};
use crate::color::{BOLD, paint};
use crate::failure::harmless;

/// What is counted over pages.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tally {
    pub(crate) pages: u64,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    rules: BTreeMap<(Category, String), Count>,
}

/// What is counted of a rule, or of several.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Count {
    /// Elements that were cut.
    pub(crate) cuts: u64,
    /// Their bytes.
    pub(crate) bytes: u64,
    /// The words in them.
    pub(crate) words: u64,
    /// Elements that were kept.
    pub(crate) kept: u64,
}

/// A category, with what it comes to, and its rules with theirs.
pub(crate) struct Group<'a> {
    pub(crate) category: Category,
    pub(crate) total: Count,
    pub(crate) rules: Vec<(&'a str, Count)>,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.cuts += other.cuts;
        self.bytes += other.bytes;
        self.words += other.words;
        self.kept += other.kept;
    }
}

impl Tally {
    /// Counts a page.
    pub(crate) fn add(&mut self, text: &Text<'_>, report: &Report) {
        self.pages += 1;
        self.bytes_in += report.bytes_in;
        self.bytes_out += report.bytes_out;
        for cut in &report.cuts {
            let bytes = cut.range.end - cut.range.start;
            let count = Count { cuts: 1, bytes, words: words(text, &cut.range), kept: 0 };
            self.rules.entry((cut.category, cut.rule.to_string())).or_default().add(count);
        }
        for decline in &report.declines {
            self.rules.entry((decline.category, decline.rule.to_string())).or_default().kept += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.pages += other.pages;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (rule, count) in other.rules {
            self.rules.entry(rule).or_default().add(count);
        }
    }

    /// All that was counted.
    pub(crate) fn total(&self) -> Count {
        let mut total = Count::default();
        self.rules.values().for_each(|count| total.add(*count));
        total
    }

    /// Each category that occurs. Of its rules, the one that cut most comes first.
    pub(crate) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for ((category, rule), count) in &self.rules {
            if groups.last().is_none_or(|last| last.category != *category) {
                groups.push(Group { category: *category, total: Count::default(), rules: Vec::new() });
            }
            if let Some(group) = groups.last_mut() {
                group.total.add(*count);
                group.rules.push((rule, *count));
            }
        }
        for group in &mut groups {
            group.rules.sort_by_key(|(_, count)| std::cmp::Reverse((count.bytes, count.cuts, count.kept)));
        }
        groups
    }

    /// A table of it all, for people.
    pub(crate) fn table(&self, color: bool) -> String {
        let mut rows = vec![(true, ["category", "cuts", "bytes", "words", "kept"].map(str::to_owned))];
        let row = |name: String, count: Count| {
            let Count { cuts, bytes, words, kept } = count;
            [name, grouped(cuts), grouped(bytes), grouped(words), grouped(kept)]
        };
        for Group { category, total, rules } in self.groups() {
            rows.push((true, row(category.name().to_owned(), total)));
            rows.extend(rules.into_iter().map(|(rule, count)| (false, row(format!("  {}", harmless(rule)), count))));
        }
        rows.push((true, row("total".to_owned(), self.total())));
        let width = |column: usize| rows.iter().map(|(_, row)| row[column].chars().count()).max().unwrap_or_default();
        let widths = [0, 1, 2, 3, 4].map(width);
        let mut table = String::new();
        for (strong, row) in &rows {
            let [name, numbers @ ..] = row;
            let mut line = format!("{name:<0$}", widths[0]);
            for (number, width) in numbers.iter().zip(&widths[1..]) {
                line.push_str(&format!("  {number:>width$}"));
            }
            table.push_str(&paint(&line, BOLD, color && *strong));
            table.push('\n');
        }
        let (pages, out) = (grouped(self.pages), self.bytes_in - self.bytes_out);
        let plural = if self.pages == 1 { "" } else { "s" };
        let (before, after) = (grouped(self.bytes_in), grouped(self.bytes_out));
        table.push_str(&format!(
            "{pages} page{plural}, {before} bytes before, {after} after ({} cut)\n",
            percent(out, self.bytes_in)
        ));
        table
    }
}
