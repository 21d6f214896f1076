//! What a page may take is bounded by settings: at a limit, elements stay and the report says so; nothing is lost.

mod fixtures;

use std::io::Write;

use dechaff::{Category, Cleaner, CleanerBuilder, DeclineReason, Error, ErrorKind, Report};
use fixtures::{clean_in_chunks, without_cuts};

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
