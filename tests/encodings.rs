//! A page in any encoding of the Encoding Standard is cut where the same page in UTF-8 is cut, in its own bytes; and
//! what is not markup in its encoding is none, whatever its bytes look like.

mod fixtures;

use std::io::Write;
use std::ops::Range;
use std::sync::LazyLock;

use dechaff::EncodingEvidence::{
    self, ByteOrderMark, ContentType, Default as Nothing, Guess, Label, Meta, XmlDeclaration,
};
use dechaff::{Cleaner, DeclineReason, PageCleaner, Report};
use encoding_rs::{EUC_JP, Encoding, GB18030, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use fixtures::{corpus, without_cuts};
use proptest::prelude::*;
use proptest::sample::Index;

/// The encodings of the Encoding Standard but for `replacement`, which no page is read in.
#[rustfmt::skip]
const NAMES: [&str; 39] = [
    "UTF-8", "IBM866", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7",
    "ISO-8859-8", "ISO-8859-8-I", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16",
    "KOI8-R", "KOI8-U", "macintosh", "windows-874", "windows-1250", "windows-1251", "windows-1252",
    "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
    "x-mac-cyrillic", "GBK", "gb18030", "Big5", "EUC-JP", "ISO-2022-JP", "Shift_JIS", "EUC-KR", "UTF-16BE",
    "UTF-16LE", "x-user-defined",
];

static ALL: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().categories(dechaff::Category::ALL).build());

/// What a rule cuts for its class alone.
const CHAFF: &str = "<div class=\"sharedaddy\">Share this</div>";

static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);

fn encoding(name: &str) -> &'static Encoding {
    Encoding::for_label(name.as_bytes()).unwrap_or_else(|| panic!("no encoding {name}"))
}

fn is_utf_16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// `text` in `encoding`; characters that it has not become numeric references.
fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    match encoding {
        e if e == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        e if e == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        e => e.encode(text).0.into_owned(),
    }
}

fn decode(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// A page as it is read, and how much of it is known after each byte.
struct View<'p> {
    encoding: &'static Encoding,
    bytes: &'p [u8],
    text: String,
    known: Vec<usize>,
}

impl<'p> View<'p> {
    fn new(encoding: &'static Encoding, bytes: &'p [u8]) -> Self {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text = String::with_capacity(bytes.len() * 3 + 64);
        let mut known = vec![0];
        for byte in bytes {
            let _ = decoder.decode_to_string(std::slice::from_ref(byte), &mut text, false);
            known.push(text.len());
        }
        let _ = decoder.decode_to_string(b"", &mut text, true);
        assert_eq!(text, decode(encoding, bytes), "{}: byte by byte it is read as something else", encoding.name());
        Self { encoding, bytes, text, known }
    }

    /// Where the byte at `offset` is in the text. Malformed bytes before a `<` may be several characters, others are one.
    fn at(&self, offset: u64) -> usize {
        let offset = offset as usize;
        let unit = if is_utf_16(self.encoding) { 2 } else { 1 };
        match self.known.get(offset + unit) {
            Some(&after) if after > self.known[offset] && self.text[..after].ends_with('<') => after - 1,
            _ => decode(self.encoding, &self.bytes[..offset]).len(),
        }
    }
}

/// What was cut: the rule, the tag, and where in the text.
type Cuts = Vec<(String, String, Range<usize>)>;

fn cuts(report: &Report, at: impl Fn(u64) -> usize) -> Cuts {
    let one = |cut: &dechaff::Cut| (cut.rule.to_string(), cut.tag.to_string(), at(cut.range.start)..at(cut.range.end));
    report.cuts.iter().map(one).collect()
}

fn clean_in_chunks(page: &PageCleaner<'_>, bytes: &[u8], size: usize) -> (Vec<u8>, Report) {
    let mut writer = page.writer(Vec::new());
    for chunk in bytes.chunks(size.min(bytes.len().max(1))) {
        writer.write_all(chunk).unwrap();
    }
    writer.finish().unwrap()
}

/// What was not cut, where it starts, and why.
fn declines(report: &Report, at: impl Fn(u64) -> usize) -> Vec<(String, usize, DeclineReason)> {
    assert!(
        report.declines.iter().all(|d| d.range.start <= d.range.end && d.range.end <= report.bytes_in),
        "{report:?}"
    );
    report.declines.iter().map(|d| (d.rule.to_string(), at(d.range.start), d.reason)).collect()
}

/// Cleans `bytes`, a page in `encoding`, and checks what must hold of every page: bytes that are not cut come out as
/// they are, in chunks of each size alike, and read as before. Gives the page as it is read, what of it was cut, and
/// the report.
fn check<'p>(
    page: &PageCleaner<'_>,
    encoding: &'static Encoding,
    bytes: &'p [u8],
    sizes: &[usize],
) -> (View<'p>, Cuts, Report) {
    let what = || format!("{}: {}", encoding.name(), bytes[..bytes.len().min(1_000)].escape_ascii());
    let (clean, report) = page.clean(bytes).unwrap_or_else(|e| panic!("{e}: {}", what()));
    assert_eq!(report.encoding.name, encoding.name(), "{}", what());
    assert!(clean == without_cuts(bytes, &report), "{}\n{report:?}\n{}", what(), clean.escape_ascii());
    assert_eq!((report.bytes_in, report.bytes_out), (bytes.len() as u64, clean.len() as u64));
    for &size in sizes {
        let chunked = clean_in_chunks(page, bytes, size);
        assert_eq!(chunked.1, report, "chunks of {size}: {}", what());
        assert!(chunked.0 == clean, "chunks of {size}: {}", what());
    }
    let view = View::new(encoding, bytes);
    let cuts = cuts(&report, |offset| view.at(offset));
    let mut want = view.text.clone();
    for (.., range) in cuts.iter().rev() {
        want.replace_range(range.clone(), "");
    }
    assert_eq!(decode(encoding, &clean), want, "{}\n{report:?}", what());
    (view, cuts, report)
}

/// The same, and it is decided as in UTF-8.
fn check_like_utf_8(cleaner: &Cleaner, encoding: &'static Encoding, bytes: &[u8], sizes: &[usize]) -> Cuts {
    let page = cleaner.page().encoding(encoding.name()).unwrap();
    let (view, got, report) = check(&page, encoding, bytes, sizes);
    let (_, utf_8) = cleaner.page().encoding("utf-8").unwrap().clean(view.text.as_bytes()).unwrap();
    let want = cuts(&utf_8, |offset| offset as usize);
    let what = || format!("{}: {}", encoding.name(), bytes[..bytes.len().min(1_000)].escape_ascii());
    assert_eq!(got, want, "{}", what());
    let declined = declines(&report, |offset| view.at(offset));
    assert_eq!(declined, declines(&utf_8, |offset| offset as usize), "{}", what());
    got
}

#[test]
fn the_corpus_is_cut_alike_in_every_encoding() {
    for page in corpus() {
        let cleaner = page.cleaner();
        let text = str::from_utf8(&page.source).unwrap();
        let (_, report) = cleaner.page().encoding("utf-8").unwrap().clean(&page.source).unwrap();
        // References are more bytes than what they stand for, and so another rule may be the one that cuts.
        let elements = |cuts: Cuts| cuts.into_iter().map(|(_, tag, _)| tag).collect::<Vec<_>>();
        let want = elements(cuts(&report, |offset| offset as usize));
        // The small chunks take long: two pages, one of them mostly not ASCII.
        let sizes: &[usize] = match &page.name[..] {
            "news-japanese" | "hand-made-site" => &[1, 7],
            _ => &[],
        };
        for name in NAMES {
            let encoding = encoding(name);
            let got = check_like_utf_8(&cleaner, encoding, &encode(encoding, text), sizes);
            assert_eq!(elements(got), want, "{} in {name}", page.name);
        }
        for encoding in [UTF_8, UTF_16LE, UTF_16BE] {
            let bytes = encode(encoding, &format!("\u{FEFF}{text}"));
            let (_, got, _) = check(&cleaner.page(), encoding, &bytes, sizes);
            assert_eq!(elements(got), want, "{} in {} with a byte order mark", page.name, encoding.name());
        }
    }
}

#[test]
fn the_names_are_those_of_the_encoding_standard() {
    for name in NAMES {
        assert_eq!(encoding(name).name(), name);
        let (_, report) = CLEANER.page().encoding(&name.to_uppercase()).unwrap().clean(b"").unwrap();
        assert_eq!((report.encoding.name, report.encoding.evidence), (name, Label));
    }
}

/// A page and what is said of it from outside: the label and the `Content-Type`.
type Declared<'a> = (&'a [u8], Option<&'a str>, Option<&'a str>);

#[test]
fn the_strongest_declaration_wins() {
    const GBK: Option<&str> = Some("text/html; charset=gbk");
    let at = |offset: usize, meta: &str| format!("{:1$}{meta}", "<p>", offset).into_bytes();
    let utf_16 = |text: &str| [encode(UTF_16LE, text), encode(UTF_16BE, text)];
    let [little, big] = utf_16("\u{FEFF}<meta charset=koi8-r>");
    let [xml_little, xml_big] = utf_16("<?xml version='1.0' encoding='koi8-r'?><p>x</p>");
    let (last, too_late) = (at(1024 - 21, "<meta charset=koi8-r>"), at(1024 - 20, "<meta charset=koi8-r>"));
    let table: &[(Declared<'_>, &str, EncodingEvidence)] = &[
        // A label.
        ((b"", Some("sjis"), None), "Shift_JIS", Label),
        ((b"\xEF\xBB\xBF<meta charset=big5>", Some("sjis"), GBK), "Shift_JIS", Label),
        ((&little, Some("latin1"), GBK), "windows-1252", Label),
        ((b"<meta charset=big5>", Some(" UTF-16 "), None), "UTF-16LE", Label),
        // A byte order mark.
        ((b"\xEF\xBB\xBF<meta charset=big5>", None, GBK), "UTF-8", ByteOrderMark),
        ((b"\xEF\xBB\xBF", None, None), "UTF-8", ByteOrderMark),
        ((&little, None, GBK), "UTF-16LE", ByteOrderMark),
        ((&big, None, GBK), "UTF-16BE", ByteOrderMark),
        ((b"\xFF\xFE", None, None), "UTF-16LE", ByteOrderMark),
        ((b"\xEF\xBB<meta charset=big5>", None, GBK), "GBK", ContentType),
        ((b" \xEF\xBB\xBF<meta charset=big5>", None, None), "Big5", Meta),
        // The header.
        ((b"", None, GBK), "GBK", ContentType),
        ((b"<meta charset=big5>", None, GBK), "GBK", ContentType),
        ((b"<meta charset=big5>", None, Some("text/html; charset=\"ISO-8859-1\"")), "windows-1252", ContentType),
        ((b"<p>", None, Some("text/html;charset=utf-16be")), "UTF-16BE", ContentType),
        ((b"<meta charset=big5>", None, Some("text/html; charset=klingon")), "Big5", Meta),
        ((b"<meta charset=big5>", None, Some("text/html")), "Big5", Meta),
        ((b"<p>x", None, Some("text/html; charset=")), "UTF-8", Nothing),
        // The page.
        ((b"<meta charset=koi8-r>", None, None), "KOI8-R", Meta),
        ((b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>", None, None), "KOI8-R", Meta),
        ((b"<meta content='text/html; charset=koi8-r'>", None, None), "UTF-8", Nothing),
        ((b"<meta charset=utf-16le>", None, None), "UTF-8", Meta),
        ((b"<meta charset=x-user-defined>", None, None), "windows-1252", Meta),
        ((b"<!-- <meta charset=big5> --><meta charset=koi8-r>", None, None), "KOI8-R", Meta),
        ((b"<meta charset=klingon><meta charset=koi8-r>", None, None), "KOI8-R", Meta),
        ((b"<?xml version='1.0' encoding='big5'?><meta charset=koi8-r>", None, None), "KOI8-R", Meta),
        ((b"<?xml version='1.0' encoding='koi8-r'?><p>", None, None), "KOI8-R", XmlDeclaration),
        ((b"<?xml version='1.0' encoding='utf-16'?><p>", None, None), "UTF-8", XmlDeclaration),
        ((b"<?XML version='1.0' encoding='koi8-r'?><p>", None, None), "UTF-8", Nothing),
        ((&xml_little, None, None), "UTF-16LE", XmlDeclaration),
        ((&xml_big, None, None), "UTF-16BE", XmlDeclaration),
        ((&xml_big, None, GBK), "GBK", ContentType),
        ((&last, None, None), "KOI8-R", Meta),
        ((&too_late, None, None), "UTF-8", Nothing),
        // Nobody.
        ((b"", None, None), "UTF-8", Nothing),
        ((b"x", None, None), "UTF-8", Nothing),
        ((b"<p>Nothing but ASCII</p>", None, None), "UTF-8", Nothing),
        (("<p>Ein schöner Ort</p>".as_bytes(), None, None), "UTF-8", Guess),
    ];
    for ((bytes, label, content_type), name, evidence) in table {
        let mut page = CLEANER.page();
        if let Some(label) = label {
            page = page.encoding(label).unwrap();
        }
        if let Some(value) = content_type {
            page = page.content_type(value);
        }
        for size in [1, 7, usize::MAX] {
            let (clean, report) = clean_in_chunks(&page, bytes, size);
            let got = (report.encoding.name, report.encoding.evidence);
            assert_eq!(got, (*name, *evidence), "{label:?} {content_type:?} {}", bytes.escape_ascii());
            assert!(clean == *bytes, "{}", bytes.escape_ascii());
        }
    }
}

/// A character of `encoding` whose last byte looks like `byte`.
fn character_with(encoding: &'static Encoding, byte: u8) -> Option<Vec<u8>> {
    if is_utf_16(encoding) {
        return Some(vec![byte, byte]);
    }
    (0x21..=0xFE).find_map(|lead| {
        let bytes = match encoding {
            e if e == ISO_2022_JP => [b"\x1B$B", &[lead, byte][..], b"\x1B(B"].concat(),
            // The longest ones end in a digit.
            e if e == GB18030 && byte.is_ascii_digit() => vec![lead, 0x30, 0x81, byte],
            _ => vec![lead, byte],
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        (text.chars().count() == 1 && !text.is_ascii()).then_some(bytes)
    })
}

/// Places for a character, `@`. A byte of it that is taken for markup would end what it stands in, or begin something.
const PLACES: &[&str] = &[
    "<title>@</title>",
    "<p>a @ b</p>",
    "<p>@</p>",
    "<p>&am@;</p>",
    "<p>a <@p b</p>",
    "<p>a </@p> b</p>",
    "<p class=\"@\" id='@'>x</p>",
    "<p class=\"a @ sharedaddy@ @sharedaddy\">x</p>",
    "<p class=@ id=@>x</p>",
    "<p @=x @>x</p>",
    "<p@ class=x>x</p@>",
    "<!--@--><p>x</p>",
    "<!--@><p>x</p><!-- --><p>y</p>",
    "<!--@-><p>x</p>--><p>y</p>",
    "<!@><p>x</p>",
    "<?@><p>x</p>",
    "<svg><desc><![CDATA[@]]></desc></svg><p>x</p>",
    "<svg><desc><![CDATA[@]><p>x</p>@]]><p>y</p></desc></svg>",
    "<script>if (a @ b) { c = '@/script><p>'; }</script><p>x</p>",
    "<style>p { content: '<@style>' }</style><p>x</p>",
    "<textarea><@textarea></textarea><p>x</p>",
    "<noscript><p title='@'>x</p></noscript>",
];

#[test]
fn a_byte_of_a_character_is_no_markup() {
    const BYTES: &[u8] = b"<>\"'/!-?=&;]`@\\0aApPsS{}";
    for (name, at_least) in [
        ("Shift_JIS", 9),
        ("GBK", 9),
        ("gb18030", 10),
        ("Big5", 9),
        ("EUC-KR", 6),
        ("ISO-2022-JP", 24),
        ("UTF-16LE", 24),
        ("UTF-16BE", 24),
    ] {
        let encoding = encoding(name);
        let characters: Vec<_> = BYTES.iter().filter_map(|&byte| character_with(encoding, byte)).collect();
        assert!(characters.len() >= at_least, "{name} has {} such characters", characters.len());
        for place in PLACES {
            for character in &characters {
                let page = format!("<p>One</p> {CHAFF} {place} {CHAFF} <p>Two</p>");
                let pieces: Vec<_> = page.split('@').map(|piece| encode(encoding, piece)).collect();
                let cuts = check_like_utf_8(&CLEANER, encoding, &pieces.join(&character[..]), &[1]);
                assert!(!cuts.is_empty(), "{name}: {place}: {}", character.escape_ascii());
            }
        }
    }
}

#[test]
fn what_is_spelled_by_bytes_of_characters_is_no_markup() {
    let mut pages = Vec::new();
    // The class by the second bytes, alone and before the rest of it.
    for name in ["Shift_JIS", "GBK", "gb18030", "Big5", "EUC-KR"] {
        let spell =
            |word: &str| word.bytes().flat_map(|b| character_with(encoding(name), b).unwrap()).collect::<Vec<_>>();
        for class in
            [spell("sharedaddy"), [&spell("s"), &b"haredaddy"[..]].concat(), [b"sharedadd", &spell("y")[..]].concat()]
        {
            pages.push((
                name,
                [b"<p>One</p> <div class=\"", &class[..], b"\">x</div> <div id=", &class, b">y</div>"].concat(),
            ));
        }
        let form =
            |word: &[u8]| [b"<p>One</p> <div class='", word, b"'><input type=email name=e></div> <p>Two</p>"].concat();
        let cuts = check_like_utf_8(&CLEANER, encoding(name), &form(b"newsletter-form"), &[]);
        assert_eq!(cuts.len(), 1, "{name}");
        pages.push((name, form(&[&spell("n"), &b"ewsletter-form"[..]].concat())));
    }
    // All of it in the two-byte set of ISO-2022-JP, in text and in a value; also what has no end.
    for end in [&b"\x1B(B"[..], b""] {
        let spelled = b"<div/class=sharedaddy>x\"</div>";
        pages.push(("ISO-2022-JP", [b"<p>One \x1B$B", &spelled[..], end, b" Two</p>"].concat()));
        pages.push(("ISO-2022-JP", [b"<p title=\"\x1B$B", &spelled[..], end, b"\">Two</p>"].concat()));
    }
    // Big-endian in a little-endian page, and the other way round.
    let swapped: String = CHAFF.chars().map(|c| char::from_u32(u32::from(c) << 8).unwrap()).collect();
    for name in ["UTF-16LE", "UTF-16BE"] {
        pages.push((name, encode(encoding(name), &format!("<p>One</p> {swapped} <p title=\"{swapped}\">Two</p>"))));
    }
    for (name, bytes) in pages {
        let cuts = check_like_utf_8(&CLEANER, encoding(name), &bytes, &[1, 7]);
        assert!(cuts.is_empty(), "{name}: {cuts:?}: {}", bytes.escape_ascii());
    }
}

/// What is malformed or incomplete in an encoding, and what changes its state.
fn fragments(encoding: &'static Encoding) -> Vec<Vec<u8>> {
    let units = |units: &[u16]| -> Vec<u8> {
        let bytes = |unit: &u16| if encoding == UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() };
        units.iter().flat_map(bytes).collect()
    };
    let bytes: &[&[u8]] = match encoding {
        e if is_utf_16(e) => {
            // A high surrogate, a low one, both in the wrong order and in the right one; a mark, and half a unit.
            let mut all: Vec<_> =
                [&[][..], &[0xD83D], &[0xDE00], &[0xDE00, 0xD83D], &[0xD83D, 0xDE00], &[0xFEFF]].map(units).into();
            all.push(b"\x3C".into());
            return all;
        }
        e if e == UTF_8 => &[b"", b"\xC3", b"\xE3\x81", b"\xF0\x9F\x98", b"\x82", b"\xA9", b"\xFF", b"\xED\xA0\x80"],
        e if e == GB18030 => &[b"", b"\x81", b"\x810", b"\x810\x81", b"\x810\x810", b"0\x810", b"\xFF", b"A"],
        e if e == EUC_JP => &[b"", b"\x8E", b"\x8F", b"\x8F\xB0", b"\xB0", b"\xA1", b"\xFF", b"A"],
        e if e == ISO_2022_JP => &[
            b"",
            b"\x1B",
            b"\x1B$",
            b"$B",
            b"B",
            b"\x1B$B",
            b"\x1B$BF|",
            b"\x1B$BF",
            b"\x1B(B",
            b"\x1B(J\\~",
            b"\x1B(I1",
            b"\x1B$BF|\x1B(B",
            b"\x1B$C",
            b"\x0E\x0F",
            b"\x80",
            b"~",
        ],
        _ => &[b"", b"\x81", b"\xFE", b"\xA1", b"\x80", b"\xFF", b"A"],
    };
    bytes.iter().map(|bytes| bytes.to_vec()).collect()
}

/// Wherever malformed bytes stand, before a cut, in it or after it, the rest of the page reads as before. An element
/// may stay for that: without it, bytes around it would make a character or a tag of their own.
#[test]
fn malformed_bytes_change_nothing_around_them() {
    let names = ["UTF-8", "Shift_JIS", "GBK", "gb18030", "Big5", "EUC-JP", "EUC-KR", "ISO-2022-JP"];
    for name in names.into_iter().chain(["UTF-16LE", "UTF-16BE", "windows-1253", "windows-1252"]) {
        let encoding = encoding(name);
        let page = CLEANER.page().encoding(name).unwrap();
        let text = |text: &str| encode(encoding, text);
        let fragments = fragments(encoding);
        let mut with_cuts = 0;
        for before in &fragments {
            for after in &fragments {
                for inside in &fragments {
                    let start = [&text("<div>one 1")[..], before].concat();
                    let chaff = [&text("<b class=sharedaddy>")[..], inside, &text("Share this"), inside, &text("</b>")];
                    let end = [after, &text("0m two</div>")[..]].concat();
                    let (_, cuts, _) = check(&page, encoding, &[&start[..], &chaff.concat(), &end].concat(), &[1]);
                    with_cuts += usize::from(!cuts.is_empty());
                }
                // Around two that go, one after the other; in a value, and at the very end.
                let page_of = |parts: &[&str]| {
                    let parts: Vec<_> = parts.iter().map(|part| text(part)).collect();
                    [&parts[0], before, &parts[1], after, &parts[2], before].map(|part| &part[..]).concat()
                };
                let twice = format!("{CHAFF}{CHAFF}");
                let in_value = format!("\">one</div>{CHAFF}<p title=");
                for parts in [["<div>one 1", &twice[..], "0m two</div>"], ["<div title=\"", &in_value, ">two"]] {
                    let (_, cuts, _) = check(&page, encoding, &page_of(&parts), &[1]);
                    with_cuts += usize::from(!cuts.is_empty());
                }
            }
        }
        assert!(with_cuts > fragments.len(), "{name}: only {with_cuts} pages were cut");
    }
}

/// Escape sequences next to each other are an error, and the set that is on goes on after a cut.
#[test]
fn what_is_cut_leaves_the_character_set_as_it_is() {
    let page = CLEANER.page().encoding("iso-2022-jp").unwrap();
    let (kanji, roman, kana) = (&b"\x1B$BF|\x1B(B"[..], &b"\x1B(J\\"[..], &b"\x1B(I1\x1B(B"[..]);
    let parts = [&b""[..], b" ", kanji, roman, kana, b"\x1B(B", b"\x1B(B~"];
    for before in parts {
        for inside in parts {
            for after in parts {
                let chaff = [&b"<b class=sharedaddy>Share"[..], inside, b"</b>"].concat();
                let bytes = [&b"<p>One"[..], before, &chaff, after, b"\\~</p>\x1B$BF|K\\\x1B(B"].concat();
                let (_, cuts, _) = check(&page, ISO_2022_JP, &bytes, &[1]);
                // Where it makes no difference, it goes.
                let plain = |part: &[u8]| part.is_empty() || part == b" ";
                assert!(!plain(before) || !plain(inside) || cuts.len() == 1, "{}", bytes.escape_ascii());
            }
        }
    }
}

/// An element that ends where it begins stands after the sequence that switches back to ASCII, not around it.
#[test]
fn no_range_ends_before_it_starts() {
    let page =
        b"<meta charset=iso-2022-jp><form><p>\x1B$B%K%e!<%9\x1B(B<form class=newsletter-form><input type=email></form>";
    let (_, report) = CLEANER.clean(page).unwrap();
    assert_eq!((report.declines.len(), report.declines[0].range.clone()), (1, 49..49));
    assert!(page[49..].starts_with(b"<form class"));
    // Nor is it another one because cutting stops there.
    let full = Cleaner::builder().categories(dechaff::Category::ALL).max_block_bytes(0).max_held_bytes(0);
    let page = b"<meta charset=iso-2022-jp><ol class=commentlist><l class=newsletter->";
    let (_, report) = full.max_report_entries(2).build().clean(page).unwrap();
    assert_eq!(report.declines.iter().map(|d| d.range.clone()).collect::<Vec<_>>(), [26..26, 48..48]);
    assert_eq!(report.stop.map(|stop| stop.offset), Some(48));
}

/// Encodings of pages that do not say what they are in, prose, and a blurb in the same language. KOI8-R is guessed as
/// KOI8-U: the letters of Russian are the same.
const UNDECLARED: &[(&[&str], &str, &str)] = &[
    (
        &["windows-1251", "KOI8-U", "IBM866", "ISO-8859-5", "UTF-8"],
        "Река здесь делает петлю и уходит в лес. Зимой лёд держит даже гружёную телегу, а в мае вода поднимается до \
         самых огородов. Старый мост разобрали, и теперь на тот берег возит лодочник.",
        "<p>Подпишитесь на нашу рассылку и получайте новости каждую неделю.</p>",
    ),
    (
        &["Shift_JIS", "EUC-JP", "ISO-2022-JP", "UTF-8"],
        "川はここで大きく曲がり、森の中へ消えていく。冬になると氷は荷車が渡れるほど厚くなり、五月には水が畑のそばまで来る。\
         古い橋はもうないので、向こう岸へは渡し舟で行く。",
        "<p>メールマガジンにご登録ください。最新情報を毎週お届けします。</p>",
    ),
    (
        &["GBK", "UTF-8"],
        "河水在这里拐了一个大弯，然后流进树林。冬天冰很厚，装满货物的大车也能过去；到了五月，水一直涨到菜园边上。\
         旧桥已经拆掉，现在要坐渡船才能到对岸。",
        "<p>订阅我们的电子报，每周获取最新文章。</p>",
    ),
    (
        &["Big5", "UTF-8"],
        "河水在這裡拐了一個大彎，然後流進樹林。冬天冰很厚，裝滿貨物的大車也能過去；到了五月，水一直漲到菜園邊上。\
         舊橋已經拆掉，現在要坐渡船才能到對岸。",
        "<p>訂閱我們的電子報，每週掌握最新文章。</p>",
    ),
    (
        &["EUC-KR", "UTF-8"],
        "강은 여기서 크게 굽어 숲으로 들어간다. 겨울에는 짐을 실은 수레가 건널 만큼 얼음이 두껍고, 오월이면 물이 텃밭까지 \
         올라온다. 옛 다리는 이제 없어서 건너편으로는 나룻배를 타고 간다.",
        "<p>뉴스레터를 구독하고 매주 최신 소식을 받아보세요.</p>",
    ),
    (
        &["windows-1252", "UTF-8"],
        "La rivière fait ici une boucle et se perd dans la forêt. L'hiver, la glace porte même une charrette chargée ; \
         en mai, l'eau monte jusqu'aux potagers. Le vieux pont a été démonté : on passe désormais en barque, à côté du \
         moulin.",
        "<p>Inscrivez-vous à notre lettre d'information pour ne rien manquer de nos actualités !</p>",
    ),
    (
        &["windows-1253", "UTF-8"],
        "Το ποτάμι κάνει εδώ μια στροφή και χάνεται στο δάσος. Τον χειμώνα ο πάγος αντέχει και φορτωμένο κάρο, ενώ τον \
         Μάιο το νερό φτάνει ως τους κήπους. Την παλιά γέφυρα την κατέβασαν και τώρα περνά κανείς με βάρκα.",
        "<p>Εγγραφείτε στο newsletter μας και λάβετε τα νέα μας κάθε εβδομάδα.</p>",
    ),
    (
        &["windows-1255", "UTF-8"],
        "הנהר עושה כאן סיבוב ונעלם בתוך היער. בחורף הקרח מחזיק אפילו עגלה עמוסה, ובחודש מאי המים עולים עד גינות הירק. \
         את הגשר הישן פירקו, ועכשיו עוברים לגדה השנייה בסירה.",
        "<p>הירשמו לניוזלטר שלנו וקבלו את החדשות בכל שבוע.</p>",
    ),
    (
        &["windows-1256", "UTF-8"],
        "ينعطف النهر هنا ثم يختفي في الغابة. في الشتاء يحمل الجليد حتى العربة المحملة، وفي شهر مايو يصل الماء إلى \
         بساتين الخضار. أزيل الجسر القديم، والآن يعبر الناس إلى الضفة الأخرى في قارب صغير.",
        "<p>اشترك في نشرتنا البريدية لتصلك آخر الأخبار كل أسبوع.</p>",
    ),
    (
        &["windows-874", "UTF-8"],
        "แม่น้ำโค้งตรงนี้แล้วหายเข้าไปในป่า ในฤดูหนาวน้ำลดจนเดินข้ามได้ พอถึงเดือนพฤษภาคมน้ำก็ขึ้นมาถึงสวนผัก \
         สะพานเก่าถูกรื้อไปแล้ว ตอนนี้ต้องนั่งเรือข้ามไปอีกฝั่ง",
        "<p>สมัครรับจดหมายข่าวของเราฟรี</p>",
    ),
];

#[test]
fn a_page_that_says_nothing_is_guessed() {
    for (names, prose, blurb) in UNDECLARED {
        for name in *names {
            let encoding = encoding(name);
            let before = format!("<!doctype html><html><head></head><body><h1>{prose:.9}</h1><p>{prose}</p>");
            let text = format!("{before}{blurb}<p>{prose}</p></body></html>");
            let bytes = encode(encoding, &text);
            assert_eq!(decode(encoding, &bytes), text, "{name} lacks a character");
            let (_, cuts, report) = check(&CLEANER.page(), encoding, &bytes, &[1, 7]);
            let [(rule, _, range)] = &cuts[..] else { panic!("{name}: {cuts:?}: {text}") };
            assert!(rule.starts_with("text/"), "{name}: {rule}");
            assert_eq!(*range, before.len()..before.len() + blurb.len(), "{name}");
            assert_eq!(report.encoding.evidence, Guess, "{name}");
        }
    }
}

proptest! {
    #![proptest_config(fixtures::proptest_config(1_500))]

    /// Random markup in each encoding, with malformed and foreign bytes anywhere in it.
    #[test]
    fn random_pages_are_cut_in_place(
        name in proptest::sample::select(&NAMES[..]),
        page in fixtures::markup::soup(14),
        inserts in proptest::collection::vec((any::<Index>(), any::<Index>()), 0..6),
    ) {
        let encoding = encoding(name);
        let fragments = fragments(encoding);
        let mut bytes = encode(encoding, &page.replace('y', "日本ｱ¥"));
        for (at, which) in inserts {
            let at = at.index(bytes.len() + 1);
            // UTF-16 is mostly hit between its units.
            let at = if is_utf_16(encoding) && at % 7 != 0 { at & !1 } else { at };
            bytes.splice(at..at, which.get(&fragments).clone());
        }
        check(&ALL.page().encoding(name).unwrap(), encoding, &bytes, &[1, 3]);
    }
}

/// Found by fuzzing: where its beginning was already gone, or what stood before it, the place was another one.
#[test]
fn cutting_stops_at_the_same_place_however_long_the_tag_is() {
    for (name, html, place) in [
        ("windows-1252", format!("<p>caf\u{e9}<math><mi><d></iv id=\"caf\u{e9}{}\">x</p>", "x".repeat(200)), 20),
        ("iso-2022-jp", "<p>\u{3042}<noscript>\u{3042} and more".to_owned(), 8),
        // The encoding is only guessed when what stands before the stop has come out.
        ("windows-1252", "<p>Rye</p><noscript><?x><p>a<b>caf\u{e9} and more".to_owned(), 10),
        ("windows-1252", format!("<p>Rye</p><noscript><?x><p>a<b>{}caf\u{e9}", "and more ".repeat(200)), 10),
    ] {
        let page = encode(encoding(name), &html);
        let settings = if html.contains("<?x") { CLEANER.page() } else { CLEANER.page().encoding(name).unwrap() };
        let (clean, report) = settings.clean(&page).unwrap();
        assert_eq!(report.stop.as_ref().map(|stop| stop.offset), Some(place), "{name}: {report:?}");
        for size in 1..100 {
            let chunked = clean_in_chunks(&settings, &page, size);
            assert_eq!(chunked, (clean.clone(), report.clone()), "{name}, chunks of {size}");
        }
    }
}
