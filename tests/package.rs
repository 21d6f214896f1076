//! What a crate that links dechaff gets: the dependencies that the README prints, and the features that it lists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::Table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

fn manifest() -> Table {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// What cargo says that the library depends on, with the features in `features`.
fn tree(format: &[&str], features: &str) -> String {
    let done = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "dechaff", "--edges", "normal", "--no-default-features"])
        .args(["--features", features, "--format", "{p}"])
        .args(format)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The lines of a tree without versions, which change with every update, and without what marks a repetition.
fn names(tree: &str) -> String {
    tree.lines().flat_map(|line| [line.split(" v").next().unwrap_or(line), "\n"]).collect()
}

#[test]
fn the_readme_prints_the_dependencies() {
    let tree = names(&tree(&[], ""));
    let readme = readme();
    let (_, after) = readme.split_once("```text\ndechaff\n").expect("a block with the tree");
    let (printed, _) = after.split_once("```").unwrap();
    assert_eq!(format!("dechaff\n{printed}"), tree, "print anew: cargo tree -p dechaff -e normal");
}

#[test]
fn there_are_few_dependencies() {
    let text = tree(&["--prefix", "none"], "");
    let crates: BTreeSet<_> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    // The crate itself is one of them.
    assert!(crates.len() <= 25, "{}: {crates:?}", crates.len());
    let readme = readme();
    let count = format!("{} crates", crates.len() - 1);
    assert!(readme.contains(&count), "README does not say {count}");
}

#[test]
fn every_feature_is_told_of() {
    let manifest = manifest();
    let features: BTreeSet<_> =
        manifest["features"].as_table().unwrap().keys().filter(|name| *name != "default").collect();
    let crate_page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for (name, text) in [("README.md", readme()), ("lib.rs", crate_page)] {
        let rows: BTreeSet<_> = features.iter().filter(|feature| text.contains(&format!("| `{feature}` |"))).collect();
        assert_eq!(rows.len(), features.len(), "{name}: its table has {rows:?} of {features:?}");
    }
    // An optional dependency that no feature names would be a feature of its own.
    let named: String = manifest["features"].as_table().unwrap().values().map(ToString::to_string).collect();
    for (name, dependency) in manifest["dependencies"].as_table().unwrap() {
        let optional = dependency.get("optional").and_then(toml::Value::as_bool) == Some(true);
        assert!(!optional || named.contains(&format!("dep:{name}")), "{name}");
    }
}

#[test]
fn the_cookbook_names_what_its_programs_use() {
    let cookbook = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cookbook.rs")).unwrap();
    let (_, after) = cookbook.split_once("```toml\n").expect("a block with dependencies");
    let (block, _) = after.split_once("```").unwrap();
    let named: Table = block.replace("//!", "").parse().unwrap();
    let named = named["dependencies"].as_table().unwrap();
    let manifest = manifest();
    let tested = manifest["dev-dependencies"].as_table().unwrap();
    let version = |value: &toml::Value| value.get("version").unwrap_or(value).as_str().unwrap().to_owned();
    for (name, value) in named {
        let tested = if name == "dechaff" { env!("CARGO_PKG_VERSION").to_owned() } else { version(&tested[name]) };
        let said = version(value);
        assert!(tested.starts_with(&format!("{said}.")), "{name}: {said} is said, {tested} is tested");
    }
    // All that stands in a `use`, but for what every Rust has.
    for line in cookbook.lines().filter_map(|line| line.strip_prefix("//! use ")) {
        let name = line.split("::").next().unwrap().replace('_', "-");
        assert!(name == "std" || named.contains_key(&name), "{name} is not named");
    }
}

#[test]
fn the_oldest_rust_is_said() {
    let workspace: Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let version = workspace["workspace"]["package"]["rust-version"].as_str().unwrap();
    assert!(readme().contains(&format!("Rust {version}")), "README says nothing of Rust {version}");
}
