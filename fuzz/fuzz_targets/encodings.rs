//! A page in any encoding: what is cut is what is cut of its translation, and what stays are its own bytes.

#![no_main]

use std::borrow::Cow;
use std::io::Write;
use std::sync::LazyLock;

use dechaff::{Category, Cleaner};
use encoding_rs::Encoding;
use libfuzzer_sys::fuzz_target;

static ALL: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().categories(Category::ALL).build());

/// One of each kind: in what they do with bytes, the other single-byte encodings are like these.
const LABELS: [&str; 14] = [
    "utf-8",
    "windows-1252",
    "windows-1253",
    "koi8-r",
    "x-user-defined",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "shift_jis",
    "euc-kr",
    "iso-2022-jp",
    "utf-16le",
    "utf-16be",
];

// The first byte picks the encoding, and whether the page, then in UTF-8, is written in that first; the second is the size
// of the chunks. The rest is the page.
fuzz_target!(|input: &[u8]| {
    let [which, size, page @ ..] = input else { return };
    // Also what the page itself says, or a guess.
    let label = LABELS.get(usize::from(*which % 16));
    let page = &*match label {
        Some(label) if which & 16 != 0 => in_encoding(label, page),
        _ => Cow::Borrowed(page),
    };
    let settings = match label {
        Some(label) => ALL.page().encoding(label).unwrap(),
        None => ALL.page(),
    };
    let Ok((clean, report)) = settings.clean(page) else { return };

    let mut rest = Vec::new();
    let mut at = 0;
    for cut in &report.cuts {
        let (start, end) = (cut.range.start as usize, cut.range.end as usize);
        assert!(at <= start && start < end && end <= page.len(), "cut out of order: {cut:?}");
        rest.extend_from_slice(&page[at..start]);
        at = end;
    }
    rest.extend_from_slice(&page[at..]);
    assert!(rest == clean, "the output is not the input minus the cuts");

    let mut writer = settings.writer(Vec::new());
    for chunk in page.chunks(usize::from(*size).max(1)) {
        writer.write_all(chunk).unwrap();
    }
    let chunked = writer.finish().unwrap();
    assert!(chunked == (clean.clone(), report.clone()), "chunks of {size} bytes give something else");

    // An escape sequence can keep an element of ISO-2022-JP that could go elsewhere.
    let encoding = Encoding::for_label(report.encoding.name.as_bytes()).unwrap();
    if encoding == encoding_rs::ISO_2022_JP || encoding == encoding_rs::UTF_8 {
        return;
    }
    let translation = encoding.decode_without_bom_handling(page).0;
    // The translation may seem to be compressed: it can begin with any bytes of ASCII.
    let Ok((of_translation, _)) = ALL.page().encoding("utf-8").unwrap().clean(translation.as_bytes()) else { return };
    let decoded = encoding.decode_without_bom_handling(&clean).0;
    assert!(decoded.as_bytes() == of_translation, "{}: the translation is cut elsewhere", encoding.name());
});

/// A page in UTF-8 in the encoding of that label.
fn in_encoding<'a>(label: &str, page: &'a [u8]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(page);
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => Encoding::for_label(label.as_bytes()).unwrap().encode(&text).0.into_owned().into(),
    }
}
