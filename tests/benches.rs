//! What the benchmarks rest on: the shape of the pages they measure, the folder of the user's own, the picture and the table
//! that are made of the figures.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use dechaff_benches::generate::{self, Shape};
use dechaff_benches::{LABELS, sets};
use tempfile::TempDir;

/// What `generate` says of its pages: about 250 bytes for each start tag, about half of them script and style sheets.
#[test]
fn pages_made_by_code_have_the_shape_of_real_ones() {
    for size in [10_000, 150_000, 2_000_000] {
        let page = generate::page(size).unwrap().bytes();
        let shape = Shape::of(&page);
        println!("{} bytes: {shape:?}", page.len());
        let near = |figure: f64, wanted: f64, part: f64| (figure / wanted - 1.0).abs() < part;
        assert!(near(page.len() as f64, size as f64, 0.1), "{size}: {} bytes", page.len());
        assert!(near(shape.bytes_per_tag, 250.0, 0.1), "{size}: {shape:?}");
        assert!(near(shape.raw, 0.5, 0.1), "{size}: {shape:?}");
        assert!(page == generate::page(size).unwrap().bytes(), "{size}: not the same twice");
    }
}

#[test]
fn something_is_cut_from_each_page() {
    let sets = sets::ours().unwrap();
    assert_eq!(sets.iter().map(|set| set.name).collect::<Vec<_>>(), ["small", "medium", "large", "corpus"]);
}

#[test]
fn a_folder_of_pages_is_read_with_all_its_folders() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    write("b/one", "1");
    write("two.txt", "22");
    write("empty", "");
    let pages = || sets::folder_of_pages(folder.path()).unwrap();
    assert_eq!(pages(), [b"1".to_vec(), b"22".to_vec()], "all files, where none is named as HTML");

    write("c.html", "333");
    write("b/a.HTM", "4444");
    assert_eq!(pages(), [b"4444".to_vec(), b"333".to_vec()], "only those that are named as HTML");
}

#[test]
fn a_folder_without_pages_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let error = |path: &Path| sets::folder_of_pages(path).unwrap_err().to_string();
    assert!(error(folder.path()).contains("no pages in it\nhint: DECHAFF_BENCH_DIR"));
    let missing = folder.path().join("missing");
    assert!(error(&missing).starts_with(&format!("{}: no such folder", missing.display())));
}

/// A target folder with figures in it, made up, as the benchmarks leave them.
fn figures() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, text: String| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let cases: Vec<String> = LABELS
        .iter()
        .zip(1..)
        .map(|((name, _), i)| format!("{{\"name\": \"{name}\", \"megabytes_per_second\": {}}}", 90_000 / (i * i * i)))
        .collect();
    let set = |name: &str, pages| {
        let cases = cases.join(", ");
        format!("{{\"name\": \"{name}\", \"pages\": {pages}, \"bytes\": 150047, \"rounds\": 31, \"cases\": [{cases}]}}")
    };
    let machine =
        r#"{"processor": "A & B <3", "rustc": "1.88.0", "versions": {"dechaff": "0.1.0", "lol_html": "3.0.3"}}"#;
    write(
        "bench/peers.json",
        format!("{{\"machine\": {machine}, \"figures\": [{}, {}]}}", set("medium", 1), set("corpus", 36)),
    );
    let memory = r#"{"case": "dechaff", "bytes": 16777216, "peak": 384100, "first_after": 15, "first_micros": 2.75}"#;
    write("bench/memory.json", format!("{{\"machine\": {machine}, \"figures\": [{memory}]}}"));
    write("criterion/compile/dechaff/new/estimates.json", r#"{"median": {"point_estimate": 1234567.0}}"#.to_owned());
    write(
        "criterion/compile/dechaff/new/benchmark.json",
        r#"{"group_id": "compile", "function_id": "dechaff", "value_str": null, "throughput": null}"#.to_owned(),
    );
    folder
}

/// Runs the program that makes the picture and the table, on `folder`. Gives the picture and what it did.
fn chart(folder: &Path, arguments: &[&str]) -> (String, Output) {
    let svg = folder.join("chart.svg");
    let output = Command::new(env!("CARGO_BIN_EXE_chart"))
        .arg("--figures")
        .arg(folder)
        .arg("--svg")
        .arg(&svg)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    (fs::read_to_string(&svg).unwrap_or_default(), output)
}

#[test]
fn the_picture_is_xml_and_every_case_is_in_it() {
    let folder = figures();
    let (svg, output) = chart(folder.path(), &[]);
    assert!(output.status.success(), "{output:?}");

    let xml = roxmltree::Document::parse(&svg).unwrap();
    let named = |name: &'static str| xml.descendants().filter(move |node| node.has_tag_name(name));
    let texts: Vec<&str> = xml.descendants().filter_map(|node| node.text()).collect();
    for (_, label) in LABELS {
        assert!(texts.contains(&label), "no bar for {label}");
    }
    let number = |node: roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let widths: Vec<f64> = named("rect").map(|bar| number(bar, "width")).collect();
    assert_eq!(widths.len(), LABELS.len());
    assert!(widths.is_sorted_by(|one, next| one > next), "the fastest first: {widths:?}");
    assert!(named("rect").all(|bar| number(bar, "x") + number(bar, "width") < number(xml.root_element(), "width")));
    for text in ["90,000", "MB/s", "A & B <3; rustc 1.88.0; dechaff 0.1.0, lol_html 3.0.3"] {
        assert!(texts.contains(&text), "no {text}");
    }
}

#[test]
fn the_table_goes_between_the_markers() {
    let folder = figures();
    let readme = folder.path().join("README.md");
    fs::write(&readme, "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n").unwrap();
    let write = || {
        let (_, output) = chart(folder.path(), &["--write", "README.md"]);
        assert!(output.status.success(), "{output:?}");
        fs::read_to_string(&readme).unwrap()
    };
    let text = write();
    assert!(text.starts_with("before\n<!-- speed -->\n| MB/s | medium: 150 KB | corpus: 36 pages, 150 KB |"), "{text}");
    assert!(text.ends_with("\n<!-- /speed -->\nafter\n"), "{text}");
    for line in [
        "| memcpy: the page, copied | 90,000 | 90,000 | 344 |",
        "| dechaff, default categories | 262 | 262 | 1.00 |",
        "| dechaff, default categories | 17 MB | 384 KB | 15 bytes of input | 2.8 \u{b5}s |",
        "Time until a `Cleaner` is ready: 1.2 ms (dechaff, default categories).",
    ] {
        assert!(text.lines().any(|l| l == line), "no line {line}:\n{text}");
    }
    assert_eq!(write(), text, "written twice, it is the same");
}

#[test]
fn without_a_place_or_figures_nothing_is_written() {
    let folder = figures();
    let readme = folder.path().join("README.md");
    fs::write(&readme, "<!-- speed -->\n").unwrap();
    let (_, output) = chart(folder.path(), &["--write", "README.md"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.starts_with("chart: README.md: no place for the table\nhint: "), "{said}");
    assert_eq!(fs::read_to_string(&readme).unwrap(), "<!-- speed -->\n");

    let empty = TempDir::new().unwrap();
    let (svg, output) = chart(empty.path(), &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(svg.is_empty() && said.contains("nothing was measured\nhint: cargo bench"), "{said}");
}
