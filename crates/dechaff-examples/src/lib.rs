//! There is nothing here but a manifest: the examples that ask for a network are in `crates/dechaff/examples`, with the others.
