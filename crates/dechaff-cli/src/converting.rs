//! Makes something else of clean pages: their text, Markdown.
//!
//! A clean page is decoded first. Then what it does not show is left out, by rules and with the library's own knowledge of where
//! elements end ([`hidden.toml`](../converting/hidden.toml), [`unseen.toml`](../converting/unseen.toml)). [`text`] reads the
//! rest tag by tag, with [`layout`] for its lines; [`markdown`] needs it as a whole.

mod layout;
mod markdown;
mod text;

use std::io::{self, Write};

use dechaff::{CleanWriter, Cleaner, DeclineReason, PageEncoding, Report, RuleFile, Selector};
use encoding_rs::{Decoder, Encoding, UTF_8};

use crate::form::Form;
use crate::page::Trouble;

use text::TextMaker;

/// Rules for what is no text of a page, and for what the page hides.
const UNSEEN: &str = include_str!("converting/unseen.toml");
const HIDDEN: &str = include_str!("converting/hidden.toml");

/// Converts pages. Made once for a run.
#[derive(Debug)]
pub(crate) struct Converter {
    form: Form,
    /// Cuts what is not shown.
    hider: Cleaner,
}

impl Converter {
    /// One for pages that are to come out in `form`; none if that is as pages are.
    pub(crate) fn new(form: Form) -> Option<Self> {
        let hidden = match form {
            Form::Html => return None,
            Form::Text { hidden, .. } | Form::Markdown { hidden } => hidden,
        };
        let file = |name, text| RuleFile::parse(name, text).expect("tests read it");
        let mut builder = Cleaner::builder().categories([]).text_evidence(false);
        builder = builder.rules(file("unseen", UNSEEN));
        if !hidden {
            builder = builder.rules(file("hidden", HIDDEN));
            builder = builder.remove("dialog:not([open])".parse::<Selector>().expect("a selector"));
        }
        if let Form::Markdown { .. } = form {
            builder = builder.max_depth(markdown::DEEPEST);
        }
        Some(Self { form, hider: builder.build() })
    }

    /// Converts one page on its way to `output`.
    pub(crate) fn page<W: Write>(&self, output: W) -> Conversion<W> {
        let maker = match self.form {
            Form::Text { links, .. } => Maker::Text(Box::new(TextMaker::new(links))),
            _ => Maker::Markdown(String::new()),
        };
        let hider = self.hider.page().encoding("utf-8").expect("a label").writer(Vec::new());
        Conversion { decoder: None, hider, shown: UTF_8.new_decoder_without_bom_handling(), maker, output, lead: b"" }
    }

    /// Converts a clean page that is in memory, in this encoding.
    pub(crate) fn convert(&self, page: &[u8], encoding: PageEncoding) -> Result<String, String> {
        let mut conversion = self.page(Vec::new());
        match conversion.push(page, Some(encoding)).and_then(|()| conversion.finish()) {
            Ok(text) => Ok(String::from_utf8(text).expect("it is made of strings")),
            Err(Trouble::Read(error) | Trouble::Write(error)) => Err(error.to_string()),
            Err(Trouble::Page(error)) => Err(error.to_string()),
            Err(Trouble::Form(why)) => Err(why.to_owned()),
        }
    }
}

/// What makes the text.
enum Maker {
    Text(Box<TextMaker>),
    /// Needs the whole page.
    Markdown(String),
}

/// A clean page on its way to another form.
pub(crate) struct Conversion<W> {
    /// There once the encoding of the page is known. All before that is ASCII.
    decoder: Option<Decoder>,
    hider: CleanWriter<Vec<u8>>,
    /// Puts characters together that come in two pieces.
    shown: Decoder,
    maker: Maker,
    output: W,
    /// What parts it from what was written before it.
    lead: &'static [u8],
}

impl<W: Write> Conversion<W> {
    /// Writes `lead` before the text, if there is any.
    pub(crate) fn after(mut self, lead: &'static [u8]) -> Self {
        self.lead = lead;
        self
    }

    /// Takes a piece of the page, in the encoding of the page, as far as that is known.
    pub(crate) fn push(&mut self, page: &[u8], encoding: Option<PageEncoding>) -> Result<(), Trouble> {
        if self.decoder.is_none()
            && let Some(encoding) = encoding.and_then(|encoding| Encoding::for_label(encoding.name.as_bytes()))
        {
            self.decoder = Some(encoding.new_decoder_with_bom_removal());
        }
        let text = match &mut self.decoder {
            Some(decoder) => decode(decoder, page, false),
            None => String::from_utf8_lossy(page).into_owned(),
        };
        self.read(&text)
    }

    /// Ends the page; gives back the output.
    pub(crate) fn finish(mut self) -> Result<W, Trouble> {
        if let Some(mut decoder) = self.decoder.take() {
            let rest = decode(&mut decoder, b"", true);
            self.read(&rest)?;
        }
        let (rest, report) = self.hider.finish().map_err(io::Error::from)?;
        let rest = decode(&mut self.shown, &rest, true);
        let text = match self.maker {
            Maker::Text(mut maker) => maker.push(&rest) + &maker.finish(),
            Maker::Markdown(mut page) => {
                page.push_str(&rest);
                if report.stop.is_some_and(|stop| stop.reason == DeclineReason::TooDeep) {
                    return Err(Trouble::Form(markdown::TOO_DEEP));
                }
                markdown::convert(&page).map_err(Trouble::Form)?
            }
        };
        write(&mut self.output, &mut self.lead, &text)?;
        Ok(self.output)
    }

    /// Passes on what was written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn read(&mut self, page: &str) -> Result<(), Trouble> {
        self.hider.write_all(page.as_bytes())?;
        let shown = std::mem::take(self.hider.get_mut());
        let shown = decode(&mut self.shown, &shown, false);
        match &mut self.maker {
            Maker::Text(maker) => write(&mut self.output, &mut self.lead, &maker.push(&shown)),
            Maker::Markdown(page) => {
                page.push_str(&shown);
                Ok(())
            }
        }
    }
}

fn write(output: &mut impl Write, lead: &mut &'static [u8], text: &str) -> Result<(), Trouble> {
    if text.is_empty() {
        return Ok(());
    }
    let lead = std::mem::take(lead);
    output.write_all(lead).and_then(|()| output.write_all(text.as_bytes())).map_err(Trouble::Write)
}

/// What `bytes` say; what is malformed in them becomes U+FFFD.
fn decode(decoder: &mut Decoder, bytes: &[u8], last: bool) -> String {
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let _ = decoder.decode_to_string(bytes, &mut text, last);
    text
}

/// Cleans a page and converts what stays.
pub(crate) struct ConvertingWriter<W> {
    writer: CleanWriter<Vec<u8>>,
    conversion: Conversion<W>,
}

impl<W: Write> ConvertingWriter<W> {
    pub(crate) fn new(writer: CleanWriter<Vec<u8>>, conversion: Conversion<W>) -> Self {
        Self { writer, conversion }
    }

    /// Ends the page.
    pub(crate) fn finish(mut self) -> Result<Report, Trouble> {
        let (rest, report) = self.writer.finish().map_err(io::Error::from)?;
        self.conversion.push(&rest, Some(report.encoding))?;
        self.conversion.finish()?;
        Ok(report)
    }

    fn pass(&mut self) -> Result<(), Trouble> {
        let clean = std::mem::take(self.writer.get_mut());
        self.conversion.push(&clean, self.writer.encoding())
    }
}

impl<W: Write> Write for ConvertingWriter<W> {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let taken = self.writer.write(chunk)?;
        self.pass()?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.conversion.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(page: &str, form: Form) -> String {
        Converter::new(form).unwrap().convert(page.as_bytes(), PageEncoding::default()).unwrap()
    }

    fn text(page: &str) -> String {
        converted(page, Form::Text { links: false, hidden: false })
    }

    fn with_links(page: &str) -> String {
        converted(page, Form::Text { links: true, hidden: true })
    }

    fn markdown(page: &str) -> String {
        converted(page, Form::Markdown { hidden: false })
    }

    #[test]
    fn the_rules_do_what_their_examples_say() {
        for (name, rules) in [("unseen", UNSEEN), ("hidden", HIDDEN)] {
            let file = RuleFile::parse(name, rules).unwrap();
            let cleaner = Cleaner::builder().categories([]).text_evidence(false).rules(file.clone()).build();
            assert!(file.examples().count() > 1);
            for example in file.examples() {
                let (clean, _) = cleaner.clean(example.html.as_bytes()).unwrap();
                assert_eq!(String::from_utf8(clean).unwrap(), example.want, "{}", example.name);
            }
        }
    }

    #[test]
    fn blocks_are_parted_by_empty_lines() {
        let page = "<head><title>t</title></head><h1>Rye</h1>\n<p>Rye is\n  <b>up</b>.<br>So is&nbsp;spelt<p>Oats &amp; more<div>a<div>b</div>c</div>";
        assert_eq!(text(page), "Rye\n\nRye is up.\nSo is\u{a0}spelt\n\nOats & more\n\na\n\nb\n\nc\n");
        assert_eq!(text("<p> </p><div></div>"), "");
        assert_eq!(text("a<wbr>b<span>c</span><button>d</button><button>e</button>"), "abc d e\n");
    }

    #[test]
    fn items_have_marks() {
        let page = "<p>x<ul><li>a<li><p>b</p><p>c</p><ol start=9><li>d</li><li>e<br>f</ol></ul>g";
        assert_eq!(text(page), "x\n\n- a\n- b\n\n  c\n\n  9. d\n  10. e\n      f\n\ng\n");
        assert_eq!(text("<li>a<li>b"), "- a\n- b\n");
        assert_eq!(text("<ul><li>a<li> <li></ul>b"), "- a\n\nb\n");
    }

    #[test]
    fn cells_stand_side_by_side() {
        let page = "a<table><tr><th>x<th>y<tr><td><p>1</p><td><div>2</div><tr><td>3<br>4</td><td>5</td></table>b";
        assert_eq!(text(page), "a\n\nx\ty\n1\t2\n3\n4\n5\n\nb\n");
        assert_eq!(text("<table><tr><td>1<td></tr></table>2"), "1\n\n2\n");
    }

    #[test]
    fn what_is_preformatted_stays_so() {
        assert_eq!(text("a<pre>\n  b\n\n    c &lt;\n</pre>d"), "a\n\n  b\n\n    c <\n\nd\n");
    }

    #[test]
    fn what_is_not_seen_is_no_text() {
        let page = "a<script>'</p>' b</script><style>c</style><noscript><p>d</noscript><iframe>e</iframe><textarea>f</textarea>\
                    <svg><title>g</title><style/><text>h</text></svg><p hidden>i<p>j</p><dialog>k</dialog><video>l</video><template>m<template>n</template>o</template>";
        assert_eq!(text(page), "a\nh\n\nj\n");
        assert!(with_links(page).contains("i\n\nj\n\nk\n"));
    }

    #[test]
    fn links_have_their_addresses() {
        let page = "See <a href='/a\n?b=1&amp;c'>this</a>, <a href=#top>up</a>, <a href=x><img></a><a href=y><div>block</div></a>end\
                    <a href=z>open</a><a>b</a>";
        assert_eq!(with_links(page), "See this </a?b=1&c>, up,\n\nblock <y>\n\nendopen <z> b\n");
    }

    #[test]
    fn markdown_has_the_structure() {
        let page = "<title>t</title><h2>Rye</h2><p>Rye is <b>up</b>, <a href=/more>more</a>.<ul><li>a<li>b</ul><p hidden>c\
                    <pre><code>d\n e</code></pre><script>f</script>";
        assert_eq!(markdown(page), "## Rye\n\nRye is **up**, [more](/more).\n\n- a\n- b\n\n```\nd\n e\n```\n");
        assert_eq!(markdown(""), "");
    }

    #[test]
    fn markdown_keeps_all_cells_of_a_table() {
        let head = "<table><caption>Rye</caption><thead><tr><th>a<th>b|c<tr><th>d<td>e</thead>";
        let page = format!("{head}<tr><th>f<td><p>g</p><p>h</p><td>i<tr><td>j</table>");
        assert_eq!(
            markdown(&page),
            "Rye\n\n| a | b\\|c |  |\n| --- | --- | --- |\n| d | e |  |\n| f | g h | i |\n| j |  |  |\n"
        );
        let page = "<table><tr><td>a<td>b<tr><td><table><tr><th>c<td>d</table></table>";
        assert_eq!(markdown(page).split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(
            markdown("<table><tr><td>x<td><b>y</b><tr><th>z</table>"),
            "|  |  |\n| --- | --- |\n| x | **y** |\n| z |  |\n"
        );
    }
}
