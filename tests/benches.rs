//! What the benchmarks rest on: the shape of the pages they measure, the folder of the user's own, the picture and the table
//! that are made of the figures.

use dechaff_benches::generate::{self, Shape};
use dechaff_benches::sets;

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
