//! What a page may take is bounded by settings: at a limit, elements stay and the report says so; nothing is lost.

mod fixtures;

use std::io::Write;

use dechaff::{Category, Cleaner, CleanerBuilder, DeclineReason, Error, ErrorKind, Report};
use fixtures::{clean_in_chunks, markup, without_cuts};
use proptest::prelude::*;

const NOTICE: &str = "<div id='onetrust-consent-sdk'>We value your privacy</div>";

/// Cleans `page`, also in small chunks, and checks that what stays are its bytes.
fn clean(builder: CleanerBuilder, page: &str) -> (String, Report) {
    let cleaner = builder.build();
    let (clean, report) = cleaner.clean(page.as_bytes()).unwrap();
    assert_eq!(clean, without_cuts(page.as_bytes(), &report));
    for size in [1, 7] {
        assert_eq!(
            clean_in_chunks(&cleaner, page.as_bytes(), size),
            (clean.clone(), report.clone()),
            "chunks of {size}"
        );
    }
    (String::from_utf8(clean).unwrap(), report)
}

fn reasons(report: &Report) -> Vec<DeclineReason> {
    report.declines.iter().map(|d| d.reason).collect()
}

#[test]
fn an_element_with_too_many_attributes_stays() {
    let many = |count: usize| (0..count).map(|i| format!(" a{i}=b")).collect::<String>();
    let page = |count| format!("<p>Text</p><div class=sharedaddy{}>Share this</div>", many(count));
    let (rest, _) = clean(Cleaner::builder().max_attributes(10), &page(9));
    assert_eq!(rest, "<p>Text</p>");
    let (rest, report) = clean(Cleaner::builder().max_attributes(10), &page(10));
    assert_eq!((rest, reasons(&report)), (page(10), vec![DeclineReason::AttributeLimit]));
    assert_eq!(clean(Cleaner::builder(), &page(255)).1.cuts.len(), 1);
    assert_eq!(reasons(&clean(Cleaner::builder(), &page(256)).1), [DeclineReason::AttributeLimit]);
}

#[test]
fn an_element_whose_class_is_too_long_stays() {
    let page = |more: usize| format!("<p>Text</p><div id=onetrust-consent-sdk class='a{}'>x</div>", "a".repeat(more));
    let (rest, _) = clean(Cleaner::builder().max_attribute_bytes(100), &page(99));
    assert_eq!(rest, "<p>Text</p>");
    let (rest, report) = clean(Cleaner::builder().max_attribute_bytes(100), &page(100));
    assert_eq!((rest, reasons(&report)), (page(100), vec![DeclineReason::AttributeLimit]));
    // What rules don't ask for may be as long as it likes.
    let page = page(50).replace("<div", &format!("<div data-x='{}'", "x".repeat(1_000)));
    assert_eq!(clean(Cleaner::builder().max_attribute_bytes(100), &page).0, "<p>Text</p>");
}

#[test]
fn nothing_is_cut_after_a_page_has_become_too_deep() {
    let page = format!("<p>Text</p>{NOTICE}{}x{NOTICE}{}{NOTICE}", "<div>".repeat(60), "</div>".repeat(60));
    let (_, report) = clean(Cleaner::builder().max_depth(70), &page);
    assert_eq!((report.cuts.len(), report.stop), (3, None));
    let (_, report) = clean(Cleaner::builder().max_depth(50), &page);
    assert_eq!(report.cuts.len(), 1);
    let stop = report.stop.unwrap();
    assert_eq!(stop.reason, DeclineReason::TooDeep);
    assert!(page[stop.offset as usize..].starts_with("<div>"), "{}", stop.offset);
}

#[test]
fn nothing_is_cut_after_the_report_is_full() {
    let page = format!("<p>Text</p>{}", format!("{NOTICE}<p>x</p>").repeat(5));
    let (rest, report) = clean(Cleaner::builder().max_report_entries(3), &page);
    assert_eq!(report.cuts.len(), 3);
    assert_eq!(report.stop.as_ref().unwrap().reason, DeclineReason::ReportFull);
    assert_eq!(rest.matches(NOTICE).count(), 2);
    let (_, report) = clean(Cleaner::builder().max_report_entries(6), &page);
    assert_eq!((report.cuts.len(), report.stop), (5, None));
}

#[test]
fn a_tag_that_needs_too_much_memory_is_an_error_after_all_bytes() {
    let page = format!("<p>Text</p>{NOTICE}<p title='{}'>x</p>{NOTICE}", "x".repeat(200_000));
    let cleaner = Cleaner::builder().max_tag_bytes(100_000).build();
    for size in [1_000, usize::MAX] {
        let mut writer = cleaner.writer(Vec::new());
        let mut received = 0;
        let error = page.as_bytes().chunks(size.min(page.len())).find_map(|chunk| {
            received += chunk.len();
            writer.write_all(chunk).err()
        });
        let error = error.expect("no error").downcast::<Error>().unwrap();
        assert!(matches!(error.kind(), ErrorKind::Memory { limit: 100_000, .. }), "{error}");
        let rest = page[..received].replacen(NOTICE, "", 1);
        assert_eq!(String::from_utf8_lossy(writer.get_ref()), rest, "chunks of {size}");
        let again = writer.write_all(b"x").unwrap_err().downcast::<Error>().unwrap();
        assert!(matches!(again.kind(), ErrorKind::Poisoned), "{again}");
        assert!(matches!(writer.finish().unwrap_err().into_kind(), ErrorKind::Poisoned));
    }
}

/// What became of a page that was written in chunks until there was an error.
struct Fate {
    clean: Vec<u8>,
    /// How many bytes were written.
    given: usize,
    /// The report, or where the tag begins that is too large.
    end: Result<Report, u64>,
}

fn write_in_chunks(cleaner: &Cleaner, page: &[u8], size: usize) -> Fate {
    let mut writer = cleaner.page().encoding("utf-8").unwrap().writer(Vec::new());
    let mut given = 0;
    for chunk in page.chunks(size) {
        given += chunk.len();
        if let Err(error) = writer.write_all(chunk) {
            let error = error.downcast::<Error>().unwrap();
            let &ErrorKind::Memory { offset, .. } = error.kind() else { panic!("{error}") };
            return Fate { clean: writer.get_ref().clone(), given, end: Err(offset) };
        }
    }
    let (clean, report) = writer.finish().unwrap();
    Fate { clean, given, end: Ok(report) }
}

/// It mattered whether a tag ended in the portion of input that it began in.
#[test]
fn a_tag_is_too_large_in_chunks_of_any_size() {
    let cleaner = Cleaner::builder().max_tag_bytes(1_000).build();
    let x = |count| "x".repeat(count);
    for (begin, end) in
        [("<p class=", ">"), ("<p title='", "'>"), ("</p ", ">"), ("<", ">"), ("<script>x</script ", ">")]
    {
        let tag = begin.rfind('<').unwrap();
        for (bytes, fits) in [(1_000, true), (1_001, false)] {
            let markup = format!("{begin}{}{end}", x(bytes - (begin.len() - tag) - end.len()));
            let page = format!("<p>Rye</p>{NOTICE}{markup}So is spelt.");
            let want = (!fits).then(|| (page.find(&markup).unwrap() + tag) as u64);
            for size in [1, 7, page.len()] {
                let fate = write_in_chunks(&cleaner, page.as_bytes(), size);
                assert_eq!(fate.end.err(), want, "{begin} of {bytes} in chunks of {size}");
                let stays = page[..fate.given].replacen(NOTICE, "", 1);
                assert_eq!(String::from_utf8_lossy(&fate.clean), stays, "{begin} of {bytes} in chunks of {size}");
            }
        }
    }
    // What is no tag may be as long as it likes.
    for (begin, end) in
        [("<!--", "-->"), ("<!doctype ", ">"), ("<?", ">"), ("<script>", "</script>"), ("<svg><![CDATA[", "]]>")]
    {
        let page = format!("{begin}{}{end}{NOTICE}Rye", x(5_000));
        for size in [1, 7, page.len()] {
            assert!(write_in_chunks(&cleaner, page.as_bytes(), size).end.is_ok(), "{begin} in chunks of {size}");
        }
    }
}

/// A bound that is passed in the tag, before it is too large, comes first: nothing is cut after that, and nothing is read.
#[test]
fn a_bound_passed_before_a_tag_is_too_large_counts_first() {
    let page = format!("<div class=sharedaddy></div><code><p title='{}'>Rye", "x".repeat(2_000));
    for (held, fails) in [(500, false), (1_500, true)] {
        let cleaner = Cleaner::builder().max_tag_bytes(1_000).max_held_bytes(held).build();
        for size in [1, 7, page.len()] {
            let fate = write_in_chunks(&cleaner, page.as_bytes(), size);
            assert_eq!(fate.end.is_err(), fails, "{held} in chunks of {size}");
            assert_eq!(String::from_utf8_lossy(&fate.clean), page[..fate.given], "{held} in chunks of {size}");
        }
    }
}

#[test]
fn a_tag_that_is_too_large_is_told_in_bytes_of_the_page() {
    let cleaner = Cleaner::builder().max_tag_bytes(1_000).build();
    let page = "<meta charset=windows-1252><p>caf\u{e9}<p title='".to_owned() + &"x".repeat(2_000);
    let page: Vec<u8> = page.chars().map(|c| c as u8).collect();
    let want = page.windows(4).position(|bytes| bytes == b"<p t").unwrap() as u64;
    for size in [1, 7, page.len()] {
        let mut writer = cleaner.writer(Vec::new());
        let error = page.chunks(size).find_map(|chunk| writer.write_all(chunk).err()).expect("the tag is too large");
        let error = error.downcast::<Error>().unwrap();
        assert!(
            matches!(error.kind(), ErrorKind::Memory { offset, .. } if *offset == want),
            "{error} in chunks of {size}"
        );
    }
}

/// A bound that some elements of soup outgrow, or none.
fn bound() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1_u64..100, 100_u64..500, Just(u64::MAX)]
}

/// What picks an element only when it is known what is around it.
const SELECTORS: [&str; 4] = [":first-child", "div > *", "li *", "p p"];

/// Keeps what the selector picks, or removes it, if there are selectors.
#[cfg(feature = "rules")]
fn with_selector(builder: CleanerBuilder, selector: &str, keep: bool) -> CleanerBuilder {
    let selector = selector.parse().unwrap();
    if keep { builder.keep(selector) } else { builder.remove(selector) }
}

#[cfg(not(feature = "rules"))]
fn with_selector(builder: CleanerBuilder, _: &str, _: bool) -> CleanerBuilder {
    builder
}

/// Found by a random page: while the page has two readings, comparing them costs as much as elements are open, and that was done with
/// each piece of text.
#[test]
fn the_work_that_two_readings_are_allowed_does_not_depend_on_chunks() {
    let depth = "<div>".repeat(100);
    let page = format!("{depth}<p><noscript></p><p></noscript>{}</p>{NOTICE}", "word ".repeat(2_000));
    let (rest, report) = clean(Cleaner::builder(), &page);
    assert_eq!((report.stop, report.cuts.len()), (None, 1));
    assert_eq!(rest, page.replace(NOTICE, ""));
}

proptest! {
    #![proptest_config(fixtures::proptest_config(1_000))]

    #[test]
    fn limits_are_met_in_chunks_of_any_size(
        page in markup::soup(40),
        tag in 4_u64..60,
        depth in 2_usize..9,
        entries in 0_usize..4,
        bounds in [bound(), bound(), bound()],
        selector in proptest::sample::select(&SELECTORS[..]),
        keep: bool,
    ) {
        let [element, block, held] = bounds;
        let builder = Cleaner::builder().categories(Category::ALL).max_tag_bytes(tag).max_depth(depth);
        let builder = builder.max_attributes(2).max_attribute_bytes(12).max_report_entries(entries);
        let builder = builder.max_element_bytes(element).max_block_bytes(block).max_held_bytes(held);
        let cleaner = with_selector(builder, selector, keep).build();
        let whole = write_in_chunks(&cleaner, page.as_bytes(), page.len().max(1));
        for size in [1, 3, 7, 64] {
            let fate = write_in_chunks(&cleaner, page.as_bytes(), size);
            prop_assert_eq!(&fate.end, &whole.end, "chunks of {}", size);
            let all = [&fate.clean, &page.as_bytes()[fate.given..]].concat();
            prop_assert_eq!(String::from_utf8_lossy(&all), String::from_utf8_lossy(&whole.clean), "chunks of {}", size);
        }
    }
}

#[test]
fn an_error_while_the_encoding_is_not_known_loses_nothing() {
    // From the `é` on it waits for a guess, while the beginning of the tag is too much already.
    let page = format!("<p title='{}caf\u{e9} and more'>x</p>", "x".repeat(20_000));
    let mut writer = Cleaner::builder().max_tag_bytes(10_000).build().writer(Vec::new());
    writer.write_all(page.as_bytes()).unwrap_err();
    assert_eq!(String::from_utf8_lossy(writer.get_ref()), page);
}

/// Found by fuzzing: where several bounds were passed in one chunk, it mattered which was looked at first.
#[test]
fn what_outgrows_its_bound_first_is_let_go_first() {
    let bounded = |element, block, total| {
        Cleaner::builder()
            .categories(Category::ALL)
            .max_element_bytes(element)
            .max_block_bytes(block)
            .max_held_bytes(total)
    };
    for size in (0..300).step_by(2) {
        let x = "x".repeat(size);
        clean(bounded(60, 40, 30), &format!("<div id=\"commento\">{x}"));
        clean(bounded(300, 200, 300), &format!("<div class=\"sharedaddy\"></div><p>{x}"));
        clean(bounded(100, 60, 150), &format!("<d class=\"cookie-banner\" data-{x}><p>{x}"));
        clean(bounded(60, 40, 30), &format!("<div><button>Deli objavo</button></<button> {x}Ko>"));
        clean(bounded(60, 40, 30), &format!("<div><button>Deli objavo</button> {} Ko", " \0".repeat(size / 8)));
        clean(bounded(100, 60, 150), &format!("<v><h3>Newsletter</h3><p{x}><h3>{x}"));
        // Nothing is said of an element at whose tag the page is given up.
        let tag = format!("<code><ul class=\"newsletter-signup\" data-{x}>");
        clean(bounded(300, 200, 300), &format!("<div class=\"sharedaddy\"></div>{tag}"));
        // Some of what speaks for the cut stands before the bound, some after it.
        let blurb =
            "Damit der Shop funktioniert, setzen wir Cookies ein. Mit einem Klick auf Zustimmen erlauben Sie das";
        let page = format!("<p>{x:.30}<cookie-consent-link><button>{x} <i>{blurb}</i></li><li>Sta<form action=\"");
        clean(bounded(1_000, 100, 500), &page);
    }
}

/// Found by fuzzing: the white space in it counted, and there was more or less of it depending on chunks.
#[test]
fn a_line_is_as_long_in_chunks_of_any_size() {
    for signs in (20..140).step_by(3) {
        let page = format!("<p>Wir setzen Cookies ein. {}</p>", format!("--------{:20}", "").repeat(signs));
        clean(Cleaner::builder(), &page);
    }
}

/// A link stands alone in its line until it is clear that the form before it goes: then its text no longer counts.
#[test]
fn a_link_that_no_longer_stands_alone_can_outgrow_its_bound() {
    let page = format!(
        "R&<form id=commentform></form><a href=/n>{}</a><p>Stay informed! Subscribe here.",
        "word ".repeat(200)
    );
    let (rest, report) = clean(Cleaner::builder().max_held_bytes(600), &page);
    assert_eq!(report.cuts.iter().map(|cut| &*cut.tag).collect::<Vec<_>>(), ["form", "p"]);
    assert!(rest.starts_with("R&<a href=/n>word"));
}

/// What a selector picks only once the tree has taken its start tag has the bound of what a rule picks.
#[cfg(feature = "rules")]
#[test]
fn an_element_that_is_picked_late_can_outgrow_its_bound() {
    let narrow = Cleaner::builder().remove("li:first-child".parse().unwrap()).max_element_bytes(100).build();
    let page = format!("<li><h1>{}</h1>", "word ".repeat(20_000));
    for size in [7, 1000, page.len()] {
        let (clean, report) = clean_in_chunks(&narrow, page.as_bytes(), size);
        assert!(clean == page.as_bytes());
        assert_eq!(report.declines.len(), 1, "{report:?}");
        assert_eq!((report.declines[0].range.clone(), report.declines[0].reason), (0..100, DeclineReason::TooLarge));
    }
}
