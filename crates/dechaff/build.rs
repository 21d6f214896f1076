//! Compiles `rules/**/*.toml` into static tables. Anything wrong in a file stops the build and names the file.

#[path = "src/rules/format.rs"]
#[allow(dead_code, unreachable_pub)]
mod format;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

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
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("rules");
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/rules/format.rs");
    let out = match compile(&root) {
        Ok(out) => out,
        Err(message) => panic!("{message}"),
    };
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("rules.rs");
    fs::write(target, out).expect("OUT_DIR is writable");
}

fn compile(root: &Path) -> Result<String, String> {
    let mut out = String::new();
    guards(&root.join("guards.toml"), &mut out)?;
    let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut matchers: BTreeMap<String, String> = BTreeMap::new();
    out.push_str("pub(super) static RULES: &[RuleDef] = &[\n");
    for (folder, variant) in CATEGORIES {
        for path in toml_files(&root.join(folder))? {
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            if let Some(other) = files.insert(stem.clone(), path.clone()) {
                return Err(format!("{}: named like {}", path.display(), other.display()));
            }
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let file = File::parse(&text).map_err(|e| format!("{}: {e}", path.display()))?;
            let rules = file.rule.iter().map(|r| (r, false)).chain(file.keep.iter().map(|r| (r, true)));
            for (rule, keep) in rules {
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
         &{:?},\n    prose_words: {},\n    networks: &{:?},\n}};",
        guards.ignore.first_words,
        guards.ignore.tags,
        guards.ignore.anchor_tags,
        guards.ignore.slug_words,
        guards.forum.markers,
        guards.forum.generators,
        guards.forum.prose_words,
        guards.networks
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
