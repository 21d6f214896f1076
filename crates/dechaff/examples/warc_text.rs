//! Reads a web archive (WARC, ISO 28500) on standard input and writes the text of its pages without the chaff, each after its
//! address.
//!
//! It has a reader of its own, of as much of the format as plain archives need: no compressed records, no chunked bodies. Archives
//! are mostly compressed as a whole; the tool, `dechaff`, reads all kinds and writes archives again.
//!
//! ```sh
//! zcat pages.warc.gz | cargo run --release -p dechaff --example warc_text > pages.txt
//! ```

use std::error::Error;
use std::io::{self, BufRead, Read, Write};

use dechaff::Cleaner;
use scraper::{Html, Node};

/// The fields of a record or of a message, with their names in lower case.
struct Head(Vec<(String, String)>);

impl Head {
    /// Reads up to the empty line. Nothing if there is nothing but empty lines before the end.
    fn read(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut fields = Vec::new();
        let mut line = String::new();
        let mut begun = false;
        loop {
            line.clear();
            let end = input.read_line(&mut line)? == 0;
            let text = line.trim();
            match text.split_once(':') {
                _ if text.is_empty() && (begun || end) => return Ok(begun.then_some(Self(fields))),
                _ if text.is_empty() => {}
                Some((name, value)) if begun => fields.push((name.to_ascii_lowercase(), value.trim().to_owned())),
                _ => begun = true,
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

/// The text of a page, a line for each piece between tags, without scripts and styles.
fn text(page: &str) -> String {
    let page = Html::parse_document(page);
    let mut text = String::new();
    for node in page.tree.nodes() {
        let hidden =
            |node: &Node| node.as_element().is_some_and(|e| matches!(e.name(), "script" | "style" | "noscript"));
        if let Node::Text(piece) = node.value()
            && !piece.trim().is_empty()
            && !node.ancestors().any(|outer| hidden(outer.value()))
        {
            text.extend(piece.split_whitespace().flat_map(|word| [word, " "]));
            text.pop();
            text.push('\n');
        }
    }
    text
}

fn main() -> Result<(), Box<dyn Error>> {
    let cleaner = Cleaner::new();
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    while let Some(record) = Head::read(&mut input)? {
        let length = record.get("content-length").ok_or("a record does not say how long it is")?.parse()?;
        let mut block = input.by_ref().take(length);
        let url = record.get("warc-target-uri").unwrap_or_default();
        if record.get("warc-type") == Some("response")
            && let Some(message) = Head::read(&mut block)?
            && let Some(content_type) = message.get("content-type").filter(|kind| kind.starts_with("text/html"))
        {
            // The page is cleaned as it is read. Then it is decoded, in the encoding that the cleaner has found.
            let mut reader = cleaner.page().content_type(content_type).url(url).reader(&mut block);
            let mut page = Vec::new();
            match reader.read_to_end(&mut page).map_err(dechaff::Error::from).and_then(|_| reader.finish()) {
                Ok((_, report)) => {
                    let encoding = encoding_rs::Encoding::for_label(report.encoding.name.as_bytes());
                    let (page, ..) = encoding.unwrap_or(encoding_rs::UTF_8).decode(&page);
                    write!(output, "{url}\n{}\n", text(&page))?;
                }
                Err(error) => eprintln!("{url}: {error}"),
            }
        }
        io::copy(&mut block, &mut io::sink())?;
    }
    Ok(())
}
