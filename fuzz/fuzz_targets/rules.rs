//! Any text as a rule file, a cue file, a file of verdicts, a filter list and a selector: it is read, or refused with a message;
//! nothing panics, nor does a cleaner that is made of it.

#![no_main]

#[path = "../../crates/dechaff/src/text/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod cues;
#[path = "../../crates/dechaff/src/rules/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;

use cues::{Cues, Verdicts};
use dechaff::{Category, Cleaner, FilterList, RuleFile, Selector};
use format::{File, Guards};
use libfuzzer_sys::fuzz_target;

const PAGE: &[u8] = b"<div class='a b' id=c><p data-d=e>f<p><a href='/g?h&amp;i'>j</a><ul><li>k<li>l</ul></div>";

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let rules = File::parse(&text);
    if let Ok(file) = &rules {
        assert!(file.rule.iter().all(|rule| !rule.matchers().is_empty()), "a rule that picks nothing was let through");
    }
    // Compiling them takes long, and few are new.
    let bare = || Cleaner::builder().categories([]).text_evidence(false);
    let file = RuleFile::parse("fuzz", &text);
    if let Ok(file) = &file {
        bare().rules(file.clone()).build().clean(PAGE).expect("any page can be read");
    }
    let selector = text.parse::<Selector>();
    if let Ok(selector) = &selector {
        let cleaner = bare().remove(selector.clone()).keep(selector.clone()).build();
        cleaner.clean(PAGE).expect("any page can be read");
    }
    let outcomes = [
        file.err().map(|e| e.to_string()),
        selector.err().map(|e| e.to_string()),
        FilterList::parse("fuzz", &text).err().map(|e| e.to_string()),
        rules.err(),
        Cues::parse(&text, &Category::ALL.map(Category::name)).err(),
        Verdicts::parse(&text).err(),
        toml::from_str::<Guards>(&text).err().map(|e| e.to_string()),
    ];
    for message in outcomes.into_iter().flatten() {
        assert!(!message.trim().is_empty(), "refused without a word");
    }
});
