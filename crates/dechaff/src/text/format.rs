//! The TOML model of a cue file and of `verdict.toml`, and the checks they must pass. `build.rs` reads the built-in files with it.
//!
//! Knows no I/O. Every error names what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A cue file: one language.
#[derive(Deserialize)]
pub struct Cues {
    pub language: String,
    #[serde(default)]
    pub cut: Vec<Example>,
    #[serde(default)]
    pub keep: Vec<Example>,
    /// By category, then by kind.
    #[serde(flatten)]
    pub categories: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A piece of a page, and the category it is an example of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub category: String,
    pub html: String,
}

/// `verdict.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    pub category: Vec<Verdict>,
}

/// What cues weigh in one category; see the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verdict {
    pub name: String,
    pub enough: u32,
    pub points: BTreeMap<String, u32>,
    #[serde(default)]
    pub must: Vec<String>,
    #[serde(default)]
    pub twice: Vec<String>,
    pub words: u32,
    pub flow: Option<u32>,
    pub start: u32,
    pub bare: Option<u32>,
    #[serde(default)]
    pub density: u32,
    pub sentences: u32,
    pub links: u32,
    #[serde(default)]
    pub inputs: u32,
    #[serde(default)]
    pub slack: u32,
    #[serde(default)]
    pub slack_beside: Vec<String>,
    #[serde(default)]
    pub slack_said: Vec<String>,
    #[serde(default)]
    pub label_in_link: bool,
    #[serde(default)]
    pub holds: BTreeMap<String, u32>,
}

/// The kinds of cues, in the order of their bits.
pub const KINDS: [&str; 10] =
    ["phrase", "label", "verb", "ask", "object", "frame", "endpoint", "control", "part", "not"];

/// What an element may hold that weighs like a cue.
pub const HELD: [&str; 4] = ["email-input", "textarea", "share-link", "control"];

impl Cues {
    /// Reads and checks a cue file; `categories` are the names there are.
    pub fn parse(text: &str, categories: &[&str]) -> Result<Self, String> {
        let cues: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        for (category, kinds) in &cues.categories {
            known(category, categories, "category")?;
            for (kind, list) in kinds {
                known(kind, &KINDS, "kind").map_err(|e| format!("{category}: {e}"))?;
                for cue in list {
                    check(cue, kind).map_err(|e| format!("{category}, {kind}: '{cue}': {e}"))?;
                }
            }
        }
        for example in cues.cut.iter().chain(&cues.keep) {
            known(&example.category, categories, "category")?;
        }
        for category in cues.categories.keys() {
            // The opt-in ones have their pages in the corpus.
            if categories.iter().position(|c| c == category).is_some_and(|i| i < 4) {
                for (list, what) in [(&cues.cut, "[[cut]]"), (&cues.keep, "[[keep]]")] {
                    let count = list.iter().filter(|e| e.category == *category).count();
                    if count < 3 {
                        return Err(format!("{category}: {count} {what} examples; three are needed"));
                    }
                }
            }
        }
        Ok(cues)
    }
}

impl Verdicts {
    /// Reads and checks `verdict.toml`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let verdicts: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        for verdict in &verdicts.category {
            for kind in verdict.points.keys().chain(&verdict.must).chain(&verdict.twice).chain(&verdict.slack_said) {
                known(kind, &KINDS, "kind").map_err(|e| format!("{}: {e}", verdict.name))?;
            }
            for held in verdict.holds.keys().chain(&verdict.slack_beside) {
                known(held, &HELD, "holds").map_err(|e| format!("{}: {e}", verdict.name))?;
            }
        }
        Ok(verdicts)
    }
}

fn known(name: &str, names: &[&str], what: &str) -> Result<(), String> {
    if names.contains(&name) { Ok(()) } else { Err(format!("no such {what}: '{name}' (one of {})", names.join(", "))) }
}

fn check(cue: &str, kind: &str) -> Result<(), String> {
    let inner = cue.strip_prefix('*').unwrap_or(cue);
    let inner = inner.strip_suffix('*').unwrap_or(inner);
    if inner.contains('*') {
        return Err("'*' stands at the start or the end".into());
    }
    if inner.trim().is_empty() {
        return Err("empty".into());
    }
    if cue.starts_with('*') && cue.ends_with('*') {
        return Err("'*' at one end only".into());
    }
    if cue.starts_with('*') && inner.chars().count() < 4 {
        return Err("what follows '*' needs four letters".into());
    }
    let stem = inner.rsplit(' ').next().unwrap_or(inner);
    // A label may end in a word of its own: `source *`.
    if cue.ends_with('*') && !stem.is_empty() && kind != "label" && inner.chars().count() < 4 {
        return Err("a stem needs four letters".into());
    }
    if cue.to_lowercase() != cue && cue.is_ascii() {
        return Err("write it in lower case".into());
    }
    Ok(())
}
