//! Any text as a rule file, a cue file and a file of verdicts: it is read, or refused with a message; nothing panics.

#![no_main]

#[path = "../../crates/dechaff/src/text/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod cues;
#[path = "../../crates/dechaff/src/rules/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;

use cues::{Cues, Verdicts};
use dechaff::Category;
use format::{File, Guards};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let rules = File::parse(&text);
    if let Ok(file) = &rules {
        assert!(file.rule.iter().all(|rule| !rule.matchers().is_empty()), "a rule that picks nothing was let through");
    }
    let outcomes = [
        rules.err(),
        Cues::parse(&text, &Category::ALL.map(Category::name)).err(),
        Verdicts::parse(&text).err(),
        toml::from_str::<Guards>(&text).err().map(|e| e.to_string()),
    ];
    for message in outcomes.into_iter().flatten() {
        assert!(!message.trim().is_empty(), "refused without a word");
    }
});
