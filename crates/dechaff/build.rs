//! Compiles `rules/**/*.toml` and `cues/*.toml` into static tables, and the table that folds text. Anything wrong in a file
//! stops the build and names the file.

#[path = "src/text/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod cues;
#[path = "src/text/fold.rs"]
#[allow(dead_code, unreachable_pub)]
mod fold;
#[path = "src/rules/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;
#[path = "src/text/key.rs"]
#[allow(dead_code, unreachable_pub)]
mod key;

/// What `fold` asks for, here from Unicode's data itself.
mod characters {
    pub(crate) const DROP: u16 = 0;
    pub(crate) const SPACE: u16 = 1;

    pub(crate) fn fold(code: u16) -> u16 {
        crate::fold_code(code.into())
    }

    /// Cues have no character references.
    pub(crate) fn refer(_: &str, _: impl FnMut(char)) -> bool {
        false
    }
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cues::Verdict;
use format::{File, Guards, Rule, Strength};

/// The folders of `rules/`, in the order of `Category::ALL`, and the names of the variants.
const CATEGORIES: [(&str, &str); 7] = [
    ("cookie-notice", "CookieNotice"),
    ("subscription", "Subscription"),
    ("comment-form", "CommentForm"),
    ("share-widget", "ShareWidget"),
    ("comment-thread", "CommentThread"),
    ("follow-links", "FollowLinks"),
    ("source-credit", "SourceCredit"),
];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    for path in ["rules", "cues", "src/rules/format.rs", "src/text/format.rs"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let verdicts = read_verdicts(&root.join("cues").join("verdict.toml"));
    let tables = [
        ("rules.rs", compile(&root.join("rules"))),
        ("cues.rs", verdicts.as_ref().map_err(String::clone).and_then(|v| cue_table(&root.join("cues"), v))),
        ("verdict.rs", verdicts.as_ref().map_err(String::clone).map(verdict_table)),
        ("fold.rs", Ok(fold_table())),
        ("files.rs", file_table(&root.join("rules"))),
    ];
    for (name, table) in tables {
        match table {
            Ok(table) => fs::write(target.join(name), table).expect("OUT_DIR is writable"),
            Err(message) => panic!("{message}"),
        }
    }
}

/// A folded cue: its text, and whether its last word may go on (1), more words may follow (2), its first word may begin
/// earlier (4).
type FoldedCue = (Vec<u8>, u8);
/// Categories and kinds, by their places.
type Meanings = BTreeSet<(u8, u16)>;

/// The cues of all languages.
fn cue_table(folder: &Path, verdicts: &[Verdict; 7]) -> Result<String, String> {
    // The category whose lines may be longest, and the cues it must have.
    let mut lengths: Vec<_> = verdicts.iter().enumerate().collect();
    lengths.sort_by_key(|(_, v)| v.words);
    let [.., (_, second), (long, longest)] = lengths[..] else { unreachable!("seven categories") };
    let long_kinds = kind_bits(&longest.must) | kind_bits(&["phrase", "label"]);
    let mut prose_bits = vec![0u64; key::bits::PROSE / 64];
    let names = CATEGORIES.map(|(name, _)| name);
    let mut cues: BTreeMap<FoldedCue, Meanings> = BTreeMap::new();
    for path in toml_files(folder)? {
        if path.file_name().is_some_and(|n| n == "verdict.toml") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let file = cues::Cues::parse(&text, &names).map_err(|e| format!("{}: {e}", path.display()))?;
        for (category, name) in names.iter().enumerate() {
            for (kind, list) in file.categories.get(*name).into_iter().flatten() {
                let bit = cues::KINDS.iter().position(|k| k == kind).expect("checked");
                for cue in list {
                    let folded = fold_cue(cue);
                    if !folded.0.is_empty() {
                        cues.entry(folded).or_default().insert((category as u8, 1 << bit));
                    }
                }
            }
        }
    }
    // By the table they are in, and its key: the cues of a key stand together.
    let mut sorted: Vec<_> =
        cues.into_iter().map(|((text, flags), meanings)| (key(&text, flags), text, flags, meanings)).collect();
    sorted.sort();
    for ((table, key), text, _, meanings) in &sorted {
        let key = if *table == END { *key } else { key::first_four(text) };
        if meanings.iter().any(|&(category, kind)| usize::from(category) == long && kind & long_kinds != 0) {
            set_bit(&mut prose_bits, key::bits::prose(key));
        }
    }
    let mut senses: Vec<(u8, &Meanings)> = Vec::new();
    let (mut blob, mut offsets, mut sense_of) = (String::new(), vec![0], Vec::new());
    let mut groups: [Vec<(u32, usize, usize)>; 3] = Default::default();
    let mut long_bits = vec![0u64; key::bits::LONG / 64];
    // The first eight bytes of each; nothing where the cue may begin earlier.
    let mut heads: Vec<u64> = Vec::new();
    for (at, ((table, key), text, flags, meanings)) in sorted.iter().enumerate() {
        blob.push_str(std::str::from_utf8(text).map_err(|e| e.to_string())?);
        offsets.push(blob.len());
        let head = if *table == END { 0 } else { key::first_eight(text) };
        heads.push(head);
        if *table == LONG {
            set_bit(&mut long_bits, key::bits::long(head));
        }
        let sense = (*flags, meanings);
        let place = senses.iter().position(|s| *s == sense).unwrap_or_else(|| {
            senses.push(sense);
            senses.len() - 1
        });
        sense_of.push(place);
        match groups[*table].last_mut() {
            Some(group) if group.0 == *key => group.2 = at + 1,
            _ => groups[*table].push((*key, at, at + 1)),
        }
    }
    let mut out = String::new();
    let _ = writeln!(out, "pub(crate) const SHORT_WORDS: u32 = {};", second.words);
    let _ = writeln!(out, "pub(super) static PROSE_BITS: [u64; {}] = {prose_bits:?};", prose_bits.len());
    let _ = writeln!(out, "pub(super) static TEXT: &str = {blob:?};");
    let _ = writeln!(out, "pub(super) static OFFSETS: [u32; {}] = {offsets:?};", offsets.len());
    let _ = writeln!(out, "pub(super) static HEADS: [u64; {}] = {heads:?};", heads.len());
    let _ = writeln!(out, "pub(super) static SENSE_OF: [u16; {}] = {sense_of:?};", sense_of.len());
    let _ = writeln!(out, "pub(super) static SENSES: &[(u8, &[(u8, u16)])] = &[");
    for (flags, meanings) in senses {
        let _ = writeln!(out, "    ({flags}, &{:?}),", meanings.iter().collect::<Vec<_>>());
    }
    let _ = writeln!(out, "];");
    let _ = writeln!(out, "pub(super) static LONG_BITS: [u64; {}] = {long_bits:?};", long_bits.len());
    for (name, groups) in ["START", "END", "LONG"].iter().zip(&groups) {
        // A quarter full: most words are no cue's, and should meet an empty place at once.
        let size = (groups.len() * 4).next_power_of_two();
        let (mut keys, mut places) = (vec![0; size], vec![(0, 0); size]);
        for &(key, first, after) in groups {
            let mut at = key::place(key) & (size - 1);
            while keys[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            keys[at] = key;
            places[at] = (first, after);
        }
        let _ = writeln!(out, "pub(super) static {name}_KEYS: [u32; {size}] = {keys:?};");
        let _ = writeln!(out, "pub(super) static {name}_GROUPS: [(u32, u32); {size}] = {places:?};");
    }
    Ok(out)
}

fn set_bit(set: &mut [u64], bit: usize) {
    set[bit / 64] |= 1 << (bit % 64);
}

/// These kinds, as bits.
fn kind_bits(kinds: &[impl AsRef<str>]) -> u16 {
    let named = |kind: &str| kinds.iter().any(|k| k.as_ref() == kind);
    cues::KINDS.iter().enumerate().filter(|(_, kind)| named(kind)).map(|(i, _)| 1 << i).sum()
}

fn fold_cue(cue: &str) -> FoldedCue {
    let (text, early) = cue.strip_prefix('*').map_or((cue, false), |t| (t, true));
    let (text, open) = text.strip_suffix('*').map_or((text, false), |t| (t, true));
    let more = open && text.ends_with(' ');
    let folded = fold::fold(text).trim_ascii_end().to_vec();
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    (folded, flag(open && !more, key::OPEN) | flag(more, key::MORE) | flag(early, key::EARLY))
}

/// The tables of cues.
const START: usize = 0;
const END: usize = 1;
const LONG: usize = 2;

/// The table a cue is in, and its key there: its first four bytes, a hash of its first eight, or the last four of its first
/// word.
fn key(text: &[u8], flags: u8) -> (usize, u32) {
    if flags & key::EARLY != 0 {
        (END, key::last_four(&text[..key::first_word(text)]))
    } else if text.len() >= 8 {
        (LONG, key::long_key(key::first_eight(text)))
    } else {
        (START, key::first_four(text))
    }
}

/// `verdict.toml`, in the order of [`CATEGORIES`].
fn read_verdicts(path: &Path) -> Result<[Verdict; 7], String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut found = cues::Verdicts::parse(&text).map_err(|e| format!("{}: {e}", path.display()))?.category;
    let sorted: Result<Vec<_>, _> = CATEGORIES
        .iter()
        .map(|(name, _)| {
            let at = found.iter().position(|v| v.name == *name);
            at.map(|at| found.swap_remove(at)).ok_or_else(|| format!("{}: nothing for {name}", path.display()))
        })
        .collect();
    Ok(sorted?.try_into().unwrap_or_else(|_| unreachable!("one for each name")))
}

/// What cues weigh, by category.
fn verdict_table(verdicts: &[Verdict; 7]) -> String {
    let mut out = String::from("pub(super) static GRADES: [Grade; 7] = [\n");
    for v in verdicts {
        let points = cues::KINDS.map(|k| v.points.get(k).copied().unwrap_or(0));
        let holds = cues::HELD.map(|h| v.holds.get(h).copied().unwrap_or(0));
        let (must, twice, said) = (kind_bits(&v.must), kind_bits(&v.twice), kind_bits(&v.slack_said));
        let beside = cues::HELD.map(|h| v.slack_beside.iter().any(|b| b == h));
        let _ = writeln!(
            out,
            "    Grade {{ enough: {}, points: {points:?}, must: {must}, twice: {twice}, words: {}, flow: {}, start: {}, bare: {}, density: {}, sentences: {}, links: {}, inputs: {}, slack: {}, slack_beside: {beside:?}, \
             slack_said: {said}, label_in_link: {}, holds: {holds:?} }},",
            v.enough,
            v.words,
            v.flow.unwrap_or(u32::MAX),
            v.start,
            v.bare.unwrap_or(u32::MAX),
            v.density,
            v.sentences,
            v.links,
            v.inputs,
            v.slack,
            v.label_in_link
        );
    }
    out.push_str("];\n");
    out
}

/// What each character of the Basic Multilingual Plane is folded to, in blocks of 256 of which equal ones are stored once.
fn fold_table() -> String {
    use characters::{DROP, SPACE};
    let mut blocks: Vec<Vec<u16>> = Vec::new();
    let mut index = Vec::new();
    for high in 0..256u32 {
        let block: Vec<u16> = (0..256).map(|low| fold_code(high << 8 | low)).collect();
        // A block that maps to itself needs no table.
        let same = block.iter().enumerate().all(|(low, &to)| u32::from(to) == (high << 8 | low as u32));
        let place = if same {
            255
        } else {
            blocks.iter().position(|b| *b == block).unwrap_or_else(|| {
                blocks.push(block);
                blocks.len() - 1
            })
        };
        index.push(place as u8);
    }
    format!(
        "pub(crate) const DROP: u16 = {DROP};\npub(crate) const SPACE: u16 = {SPACE};\n\
         static INDEX: [u8; 256] = {index:?};\nstatic BLOCKS: [[u16; 256]; {}] = {blocks:?};\n\
         #[inline]\npub(crate) fn fold(code: u16) -> u16 {{\n\
         match INDEX[usize::from(code >> 8)] {{\n255 => code,\nblock => BLOCKS[usize::from(block)][usize::from(code & 255)],\n}}\n}}\n",
        blocks.len()
    )
}

/// What a character is folded to.
pub(crate) fn fold_code(code: u32) -> u16 {
    use characters::{DROP, SPACE};
    use unicode_normalization::UnicodeNormalization;
    let Some(c) = char::from_u32(code) else { return SPACE };
    let is_mark = |c: char| matches!(u32::from(c), 0x300..=0x36F | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED | 0x93C | 0x20D0..=0x20FF);
    // Marks, soft hyphens, joiners, direction controls, variation selectors, the Arabic stretcher.
    if is_mark(c)
        || matches!(code, 0xAD | 0x61C | 0x640 | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF)
        || matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2012}')
    {
        return DROP;
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    // Kana and Hangul keep their marks; wide and narrow forms are made one.
    let plain = if (0x3040..0xFF00).contains(&code) {
        lower
    } else {
        let base = std::iter::once(lower).nfkd().find(|&c| !is_mark(c)).unwrap_or(' ');
        base.to_lowercase().next().unwrap_or(base)
    };
    let plain = match plain {
        'ß' => 's',
        'ı' => 'i',
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'þ' => 't',
        'æ' => 'a',
        'œ' => 'o',
        'ς' => 'σ',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' | 'ۀ' | 'ە' => 'ه',
        other => other,
    };
    if code == u32::from('#') || plain.is_numeric() && !(0x3040..0xFF00).contains(&u32::from(plain)) {
        return u16::from(b'#');
    }
    // Vowel signs of Indic scripts and Thai are no letters to Unicode, but part of the word.
    if plain.is_alphanumeric()
        || matches!(u32::from(plain), 0x900..=0x963 | 0x966..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17D3)
    {
        return u16::try_from(u32::from(plain)).unwrap_or(SPACE);
    }
    SPACE
}

fn compile(root: &Path) -> Result<String, String> {
    let mut out = String::new();
    guards(&root.join("guards.toml"), &mut out)?;
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut matchers: BTreeMap<String, String> = BTreeMap::new();
    out.push_str("pub(super) static RULES: &[RuleDef<'static>] = &[\n");
    for (folder, variant) in CATEGORIES {
        for path in toml_files(&root.join(folder))? {
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            if let Some(other) = files.insert(stem.clone(), path.clone()) {
                return Err(format!("{}: named like {}", path.display(), other.display()));
            }
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let file = File::parse(&text).and_then(|file| file.check_built_in().map(|()| file));
            let file = file.map_err(|e| format!("{}: {e}", path.display()))?;
            for (rule, keep) in file.rules() {
                for matcher in rule.matchers() {
                    // The same mark may stand in two rules of one file, under other conditions, and in two categories.
                    let key = format!("{folder} {matcher}");
                    match matchers.insert(key, stem.clone()) {
                        Some(other) if other != stem => {
                            return Err(format!("{}: {matcher}: {other}.toml has it too", path.display()));
                        }
                        _ => {}
                    }
                }
                write_rule(&mut out, &stem, variant, file.strength, rule, keep);
            }
        }
    }
    out.push_str("];\n");
    Ok(out)
}

/// The texts of the rule files, by category and name, for whoever wants to see them.
fn file_table(root: &Path) -> Result<String, String> {
    // Without the feature nobody can ask for them.
    if env::var_os("CARGO_FEATURE_RULES").is_none() {
        return Ok(String::new());
    }
    let mut out = String::from("pub(super) static FILES: &[(&str, Category, &str)] = &[\n");
    for (folder, variant) in CATEGORIES {
        for path in toml_files(&root.join(folder))? {
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
            let text = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{folder}/{stem}.toml\")");
            let _ = writeln!(out, "    ({stem:?}, Category::{variant}, include_str!({text})),");
        }
    }
    out.push_str("];\n");
    Ok(out)
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn guards(path: &Path, out: &mut String) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let guards: Guards = toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    out.push_str("pub(super) static GUARDS: GuardDefs = GuardDefs {\n    max_words: [\n");
    for (name, _) in CATEGORIES {
        let bound = guards
            .max_words
            .iter()
            .find(|m| m.category == name)
            .ok_or_else(|| format!("{}: max-words: nothing for {name}", path.display()))?;
        let _ = writeln!(out, "        {},", bound.words);
    }
    out.push_str("    ],\n    topics: [\n");
    for (name, _) in CATEGORIES {
        let stems: Vec<_> = guards.topic.iter().filter(|t| t.category == name).flat_map(|t| &t.stems).collect();
        let _ = writeln!(out, "        &{stems:?},");
    }
    let _ = writeln!(
        out,
        "    ],\n    ignored_first_words: &{:?},\n    ignored_tags: &{:?},\n    anchor_tags: &{:?},\n    slug_words: {},\n    forum_markers: &{:?},\n    forum_generators: \
         &{:?},\n    prose_words: {},\n    networks: &{:?},\n    topic_links: &{:?},\n}};",
        guards.ignore.first_words,
        guards.ignore.tags,
        guards.ignore.anchor_tags,
        guards.ignore.slug_words,
        guards.forum.markers,
        guards.forum.generators,
        guards.forum.prose_words,
        guards.networks,
        guards.topic_links
    );
    Ok(())
}

fn write_rule(out: &mut String, stem: &str, variant: &str, strength: Strength, rule: &Rule, keep: bool) {
    let _ = writeln!(out, "    RuleDef {{ id: {:?}, category: Category::{variant},", format!("{stem}/{}", rule.name));
    let _ = writeln!(
        out,
        "        certain: {}, keep: {keep}, max_words: {:?},",
        strength == Strength::Certain,
        rule.max_words
    );
    let _ = writeln!(out, "        max_links: {:?},", rule.max_links);
    let _ = writeln!(out, "        article_inside: {},", rule.article_inside);
    let _ = writeln!(out, "        on: &{:?}, not_on: &{:?},", rule.on, rule.not_on);
    let _ = writeln!(out, "        holds_any: &{:?}, holds_all: &{:?},", rule.holds_any, rule.holds_all);
    out.push_str("        matchers: &[");
    let lists = [
        ("Id", &rule.id),
        ("IdPrefix", &rule.id_prefix),
        ("Class", &rule.class),
        ("ClassPrefix", &rule.class_prefix),
        ("Word", &rule.word),
        ("Tag", &rule.tag),
    ];
    for (kind, list) in lists {
        for s in list {
            let _ = write!(out, "Matcher::{kind}({s:?}), ");
        }
    }
    for role in &rule.role {
        let _ = write!(out, "Matcher::Attribute(\"role\", Test::Equals({role:?})), ");
    }
    for pair in &rule.pair {
        for a in &pair.of {
            for b in &pair.with {
                let _ = write!(out, "Matcher::Pair({a:?}, {b:?}), ");
            }
        }
    }
    for attr in &rule.attr {
        let name = attr.name.to_ascii_lowercase();
        let tests =
            [("Equals", &attr.equals), ("Starts", &attr.starts), ("Contains", &attr.contains), ("Word", &attr.word)];
        if tests.iter().all(|(_, list)| list.is_empty()) {
            let _ = write!(out, "Matcher::Attribute({name:?}, Test::Present), ");
        }
        for (test, list) in tests {
            for s in list {
                let _ = write!(out, "Matcher::Attribute({name:?}, Test::{test}({s:?})), ");
            }
        }
    }
    out.push_str("] },\n");
}
