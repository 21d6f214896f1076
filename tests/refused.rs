//! Pages in an encoding that nobody reads, whatever says so, and labels that nobody knows.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use dechaff::EncodingEvidence::{ContentType, Label, Meta, XmlDeclaration};
use dechaff::{Cleaner, Decision, ErrorKind};

static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);

/// What a rule cuts for its class alone.
const CHAFF: &str = "<div class=\"sharedaddy\">Share this</div>";

#[test]
fn a_page_that_browsers_refuse_to_read_is_an_error_and_comes_out_whole() {
    for label in ["iso-2022-kr", "csiso2022kr", "hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "replacement"] {
        let error = CLEANER.page().encoding(label).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReplacementEncoding { evidence: Label }), "{error:?}");
        // What was told is refused; no page was looked at.
        assert!(error.is_setting() && !error.is_page());
        assert!(!error.to_string().is_empty());
        let long = format!("<p>{}</p>{CHAFF}<p>\x0E0!\x0FTwo</p>", "One ".repeat(300));
        // All of it may have come before it is known what the head says.
        let short = format!("<p>One</p>{CHAFF}<p>Two</p>");
        let meta = format!("<meta charset={label}>");
        let xml = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>");
        let header = CLEANER.page().content_type(&format!("text/html; charset={label}"));
        let plain = CLEANER.page();
        for (page, text, want) in [
            (&header, long.clone(), ContentType),
            (&header, short.clone(), ContentType),
            (&plain, format!("{meta}{long}"), Meta),
            (&plain, format!("{meta}{short}"), Meta),
            (&plain, format!("{}{meta}{long}", "<p>One</p>".repeat(90)), Meta),
            (&plain, format!("{xml}{long}"), XmlDeclaration),
            (&plain, format!("{xml}{short}"), XmlDeclaration),
        ] {
            let is_it =
                |kind: &ErrorKind| matches!(kind, ErrorKind::ReplacementEncoding { evidence } if *evidence == want);
            let error = page.clean(text.as_bytes()).unwrap_err();
            assert!(is_it(error.kind()), "{error:?}");
            assert!(error.is_page() && !error.is_setting());
            for size in [1, 7, usize::MAX] {
                let (mut out, mut received) = (Vec::new(), 0);
                let cuts = Arc::new(AtomicUsize::new(0));
                let count = Arc::clone(&cuts);
                let page = page.clone().observer(move |decision| {
                    count.fetch_add(usize::from(matches!(decision, Decision::Cut(_))), Ordering::Relaxed);
                });
                let mut writer = page.writer(&mut out);
                let mut failed = None;
                for chunk in text.as_bytes().chunks(size.min(text.len())) {
                    received += chunk.len();
                    failed = writer.write_all(chunk).err();
                    if failed.is_some() {
                        break;
                    }
                }
                match failed {
                    Some(error) => {
                        let error = error.downcast::<dechaff::Error>().unwrap();
                        assert!(is_it(error.kind()), "{error:?}");
                        assert!(writer.write_all(b"x").is_err());
                        assert!(matches!(writer.finish().unwrap_err().kind(), ErrorKind::Poisoned));
                    }
                    None => assert!(is_it(writer.finish().unwrap_err().kind())),
                }
                assert_eq!(out.escape_ascii().to_string(), text.as_bytes()[..received].escape_ascii().to_string());
                assert_eq!(cuts.load(Ordering::Relaxed), 0);
            }
        }
    }
}

#[test]
fn what_stands_before_a_declaration_that_is_refused_does_not_depend_on_chunks() {
    let (meta, rest) = ("<meta charset=iso-2022-kr>", format!("<p>One</p>{CHAFF}é"));
    for space in [0, 1, 850, 930, 940, 1100].map(|space| " ".repeat(space)) {
        for before in
            [CHAFF.into(), format!("{CHAFF}<p>"), format!("<p>One</p>{CHAFF}<p>One</p><p>"), format!("<p>é{CHAFF}")]
        {
            let page = format!("{before}{space}{meta}{rest}");
            let run = |size| {
                let (mut out, mut chunks) = (Vec::new(), page.as_bytes().chunks(size));
                let mut writer = CLEANER.writer(&mut out);
                let failed = chunks.by_ref().any(|chunk| writer.write_all(chunk).is_err());
                assert!(failed || writer.finish().is_err(), "{page}");
                out.extend(chunks.flatten());
                String::from_utf8(out).unwrap()
            };
            let whole = run(page.len());
            // Of a later one is only heard once there is something that is not ASCII.
            let in_head = before.len() + space.len() + meta.len() <= 1024;
            assert!(!in_head || whole.ends_with(&format!("{space}{meta}{rest}")), "{whole}");
            for size in [1, 2, 7, 64, 1000, 1024] {
                assert_eq!(run(size), whole, "{size}");
            }
        }
    }
}

#[test]
fn an_unknown_label_is_named() {
    for label in ["klingon", "", "utf 8", "utf-7", "\0"] {
        let error = CLEANER.page().encoding(label).unwrap_err();
        assert!(error.to_string().contains(&format!("'{label}'")), "{error}");
        assert!(matches!(error.into_kind(), ErrorKind::UnknownEncoding { label: named } if named == label));
    }
}
