//! What a page says of its own encoding in its first bytes, and what a `Content-Type` header says of it.
//!
//! As in "determining the character encoding" of the HTML standard (13.2.3.2): "prescan a byte stream to determine its
//! encoding", with "get an attribute", "extracting a character encoding from a `meta` element" and "get an XML
//! encoding".
//!
//! It reads bytes, not markup: a `meta` in a script counts, one in a comment or in a value does not.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::{memchr, memmem};

/// Where a page's own declaration stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Declaration {
    /// In a `meta` element.
    Meta,
    /// In `<?xml ... ?>` at the beginning.
    XmlDeclaration,
}

/// What `head`, the first bytes of a page, says of its encoding; `None` if nothing.
///
/// In the order of the HTML standard (13.2.3.2): the beginning of an XML declaration in UTF-16, then `meta`, and an XML
/// declaration only when no `meta` names an encoding. The end of `head` is the standard's end condition: a tag that is
/// not complete by then says nothing. So an answer from a `meta` stays when more bytes come; `None`, and an answer from
/// an XML declaration, may change.
pub(crate) fn prescan(head: &[u8]) -> Option<(&'static Encoding, Declaration)> {
    if head.starts_with(b"<\0?\0x\0") {
        return Some((UTF_16LE, Declaration::XmlDeclaration));
    }
    if head.starts_with(b"\0<\0?\0x") {
        return Some((UTF_16BE, Declaration::XmlDeclaration));
    }
    match meta(head) {
        Some((encoding, _)) => Some((encoding, Declaration::Meta)),
        None => Some((xml_declaration(head)?, Declaration::XmlDeclaration)),
    }
}

/// The encoding that the first `meta` names that names one, and where that ends. It stays so when more bytes come.
pub(crate) fn meta(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    let mut scan = Scan { bytes: head, at: 0 };
    let encoding = scan.meta().ok()?;
    Some((encoding, scan.at + 1))
}

/// The encoding that the `charset` parameter of a `Content-Type` header's value names; `None` if there is none, or its
/// label is unknown.
///
/// Parameters are read as in "parse a MIME type" of the MIME sniffing standard (4.4): a value may be a quoted string, a
/// name with white space before its `=` is none, and the first of two counts. The type before them is not looked at:
/// what is not served as HTML is cleaned all the same.
pub(crate) fn charset_of_content_type(value: &str) -> Option<&'static Encoding> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        // A name ends at the first of both: `a;charset=b` has two.
        let end = rest.find([';', '='])?;
        let name = rest[..end].trim_start_matches(HTTP_SPACE);
        let has_value = rest[end..].starts_with('=');
        rest = &rest[end + 1..];
        if !has_value {
            continue;
        }
        let is_charset = name.eq_ignore_ascii_case("charset");
        if let Some(quoted) = rest.strip_prefix('"') {
            let (label, after) = unquote(quoted);
            if is_charset {
                return Encoding::for_label(label.as_bytes());
            }
            rest = after.split_once(';')?.1;
        } else {
            let (value, after) = rest.split_once(';').unwrap_or((rest, ""));
            if is_charset && !value.trim_end_matches(HTTP_SPACE).is_empty() {
                return Encoding::for_label(value.as_bytes());
            }
            rest = after;
        }
    }
}

/// White space in the values of HTTP headers.
const HTTP_SPACE: [char; 4] = ['\t', '\n', '\r', ' '];

/// What stands up to the closing quote, without the backslashes that escape, and what comes after it. The quote may be
/// missing.
fn unquote(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.push(chars.next().unwrap_or('\\')),
            c => value.push(c),
        }
    }
    (value, chars.as_str())
}

/// "Get an XML encoding": what `head` says if no `meta` names one.
///
/// The standard finds the end of the declaration and then makes no use of it; here, as in browsers, nothing after its
/// `>` belongs to it.
pub(crate) fn xml_declaration(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr(b'>', declaration)?];
    let name = memmem::find(declaration, b"encoding")?;
    let after_name = skip_control(&declaration[name + b"encoding".len()..]);
    let (&quote, rest) = skip_control(after_name.strip_prefix(b"=")?).split_first()?;
    if quote != b'"' && quote != b'\'' {
        return None;
    }
    let label = &rest[..memchr(quote, rest)?];
    if label.iter().any(|&b| b <= b' ') {
        return None;
    }
    Encoding::for_label(label).map(not_utf_16)
}

/// `bytes` from the first one on that is neither a space nor a control character.
fn skip_control(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&b| b > b' ').unwrap_or(bytes.len());
    &bytes[start..]
}

/// What was read as ASCII is not UTF-16, whatever it says.
fn not_utf_16(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding }
}

/// "Extracting a character encoding from a `meta` element": of its `content`.
fn charset_of_content(content: &[u8]) -> Option<&'static Encoding> {
    const CHARSET: &[u8] = b"charset";
    let mut rest = content;
    loop {
        let name = rest.windows(CHARSET.len()).position(|window| window.eq_ignore_ascii_case(CHARSET))?;
        rest = rest[name + CHARSET.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let label = match value.first()? {
            &quote @ (b'"' | b'\'') => {
                let quoted = &value[1..];
                &quoted[..memchr(quote, quoted)?]
            }
            _ => {
                let end = value.iter().position(|&b| b == b';' || b.is_ascii_whitespace());
                &value[..end.unwrap_or(value.len())]
            }
        };
        return Encoding::for_label(label);
    }
}

/// The bytes at hand ended; the scan ends there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct OutOfBytes;

/// An attribute as it stands in the bytes; the case of its letters does not matter to who looks at it.
struct Attribute<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The prescan for `meta`.
struct Scan<'a> {
    bytes: &'a [u8],
    /// At most `bytes.len()`.
    at: usize,
}

impl<'a> Scan<'a> {
    /// The encoding that the first `meta` names that names one. There is no other end than that and the end of bytes.
    fn meta(&mut self) -> Result<&'static Encoding, OutOfBytes> {
        loop {
            self.skip_to(|b| b == b'<')?;
            match &self.bytes[self.at..] {
                // The dashes of the end can be those of the beginning: `<!-->` is a comment.
                [_, b'!', b'-', b'-', ..] => {
                    self.at += 2;
                    self.at += memmem::find(&self.bytes[self.at..], b"-->").ok_or(OutOfBytes)?;
                }
                [_, name @ ..] if is_meta(name) => {
                    self.at += b"<meta".len();
                    if let Some(encoding) = self.charset_of_meta()? {
                        return Ok(encoding);
                    }
                }
                [_, b'/', letter, ..] | [_, letter, ..] if letter.is_ascii_alphabetic() => {
                    self.skip_to(|b| b == b'>' || is_space(b))?;
                    while self.attribute()?.is_some() {}
                }
                [_, b'!' | b'/' | b'?', ..] => self.skip_to(|b| b == b'>')?,
                _ => self.at += 1,
            }
        }
    }

    /// What the attributes from here on say, those of a `meta`.
    ///
    /// The standard goes through them in their order, but it comes to this: `charset` decides, known or not; without it
    /// `content` does, if `http-equiv` says so. Of two with one name the first one counts.
    fn charset_of_meta(&mut self) -> Result<Option<&'static Encoding>, OutOfBytes> {
        let (mut charset, mut content, mut http_equiv) = (None, None, None);
        while let Some(Attribute { name, value }) = self.attribute()? {
            for (wanted, first) in
                [("charset", &mut charset), ("content", &mut content), ("http-equiv", &mut http_equiv)]
            {
                if name.eq_ignore_ascii_case(wanted.as_bytes()) {
                    first.get_or_insert(value);
                }
            }
        }
        let encoding = match (charset, content, http_equiv) {
            (Some(label), _, _) => Encoding::for_label(label),
            (None, Some(content), Some(pragma)) if pragma.eq_ignore_ascii_case(b"content-type") => {
                charset_of_content(content)
            }
            _ => None,
        };
        Ok(encoding.map(|encoding| if encoding == X_USER_DEFINED { WINDOWS_1252 } else { not_utf_16(encoding) }))
    }

    /// "Get an attribute": the next one of this tag, or `None` at its `>`.
    fn attribute(&mut self) -> Result<Option<Attribute<'a>>, OutOfBytes> {
        self.skip_to(|b| !is_space(b) && b != b'/')?;
        if self.byte()? == b'>' {
            return Ok(None);
        }
        let start = self.at;
        // `=` as the first byte is part of the name.
        self.at += 1;
        self.skip_to(|b| is_space(b) || matches!(b, b'=' | b'/' | b'>'))?;
        let name = &self.bytes[start..self.at];
        self.skip_to(|b| !is_space(b))?;
        let value = if self.byte()? == b'=' { self.value()? } else { b"" };
        Ok(Some(Attribute { name, value }))
    }

    /// The value after the `=` here.
    fn value(&mut self) -> Result<&'a [u8], OutOfBytes> {
        self.at += 1;
        self.skip_to(|b| !is_space(b))?;
        let quote = self.byte()?;
        let quoted = quote == b'"' || quote == b'\'';
        self.at += usize::from(quoted);
        let start = self.at;
        self.skip_to(|b| if quoted { b == quote } else { b == b'>' || is_space(b) })?;
        let value = &self.bytes[start..self.at];
        self.at += usize::from(quoted);
        Ok(value)
    }

    fn byte(&self) -> Result<u8, OutOfBytes> {
        self.bytes.get(self.at).copied().ok_or(OutOfBytes)
    }

    /// Goes on to the first byte from here on that `wanted` is true of.
    fn skip_to(&mut self, wanted: impl Fn(u8) -> bool) -> Result<(), OutOfBytes> {
        self.at += self.bytes[self.at..].iter().position(|&b| wanted(b)).ok_or(OutOfBytes)?;
        Ok(())
    }
}

/// Whether `meta` comes here, with attributes after it.
fn is_meta(name: &[u8]) -> bool {
    name.len() > 4 && name[..4].eq_ignore_ascii_case(b"meta") && (is_space(name[4]) || name[4] == b'/')
}

/// White space in tags.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages that a `meta` gives an encoding, by name; `-` where none does.
    const METAS: &[(&str, &str)] = &[
        // Quotes, case, white space.
        ("<meta charset=\"koi8-r\">", "KOI8-R"),
        ("<meta charset='koi8-r'>", "KOI8-R"),
        ("<meta charset=koi8-r>", "KOI8-R"),
        ("<meta charset=koi8-r/>", "-"),
        ("<meta charset=koi8-r />", "KOI8-R"),
        ("<META CHARSET=KOI8-R>", "KOI8-R"),
        ("<mEtA\tcHaRsEt\n=\r'Koi8-R'\x0C>", "KOI8-R"),
        ("<meta/charset=koi8-r>", "KOI8-R"),
        ("<meta///charset=koi8-r>", "KOI8-R"),
        ("<meta charset = ' koi8-r\n'>", "KOI8-R"),
        ("<meta charset='koi8-r'name=x>", "KOI8-R"),
        ("<meta name=\"a>b\" charset=koi8-r>", "KOI8-R"),
        ("<meta charset='koi8-r\">", "-"),
        ("<meta charset=\"'koi8-r'\">", "-"),
        ("<meta charset>", "-"),
        ("<meta charset=>", "-"),
        ("<meta charset= >", "-"),
        ("<meta charset= /koi8-r>", "-"),
        ("<meta =charset=koi8-r>", "-"),
        ("<meta charset=koi8-r=>", "-"),
        ("<metacharset=koi8-r>", "-"),
        ("<metal charset=koi8-r>", "-"),
        ("<met charset=koi8-r>", "-"),
        ("<meta>charset=koi8-r", "-"),
        ("<meta\x0Bcharset=koi8-r>", "-"),
        // Labels.
        ("<meta charset=latin1>", "windows-1252"),
        ("<meta charset=iso-8859-1>", "windows-1252"),
        ("<meta charset=us-ascii>", "windows-1252"),
        ("<meta charset=utf8>", "UTF-8"),
        ("<meta charset=sjis>", "Shift_JIS"),
        ("<meta charset=gb2312>", "GBK"),
        ("<meta charset=iso-2022-jp>", "ISO-2022-JP"),
        ("<meta charset=utf-16>", "UTF-8"),
        ("<meta charset=utf-16be>", "UTF-8"),
        ("<meta charset=unicode>", "UTF-8"),
        ("<meta charset=x-user-defined>", "windows-1252"),
        ("<meta charset=hz-gb-2312>", "replacement"),
        ("<meta charset=replacement>", "replacement"),
        ("<meta charset=klingon>", "-"),
        ("<meta charset=klingon><meta charset=koi8-r>", "KOI8-R"),
        ("<meta charset=gbk><meta charset=koi8-r>", "GBK"),
        // Of two attributes with one name the first one counts.
        ("<meta charset=gbk charset=koi8-r>", "GBK"),
        ("<meta charset=gbk CHARSET=koi8-r>", "GBK"),
        ("<meta charset=klingon charset=koi8-r>", "-"),
        ("<meta http-equiv=refresh http-equiv=content-type content='charset=gbk'>", "-"),
        ("<meta http-equiv=content-type content=x content='charset=gbk'>", "-"),
        // The pragma.
        ("<meta http-equiv=content-type content='text/html; charset=gbk'>", "GBK"),
        ("<meta content='text/html; charset=gbk' http-equiv=content-type>", "GBK"),
        ("<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"TEXT/HTML; CHARSET=GBK\">", "GBK"),
        ("<meta http-equiv=content-type content=charset=gbk>", "GBK"),
        ("<meta http-equiv=content-type content=text/html;charset=gbk>", "GBK"),
        ("<meta http-equiv=content-type content='text/html; charset=utf-16'>", "UTF-8"),
        ("<meta http-equiv=content-type content='text/html; charset=x-user-defined'>", "windows-1252"),
        ("<meta http-equiv=' content-type' content='text/html; charset=gbk'>", "-"),
        ("<meta http-equiv=refresh content='text/html; charset=gbk'>", "-"),
        ("<meta name=description content='text/html; charset=gbk'>", "-"),
        ("<meta content='text/html; charset=gbk'>", "-"),
        ("<meta http-equiv=content-type>", "-"),
        ("<meta http-equiv=content-type content>", "-"),
        ("<meta http-equiv=content-type content='text/html'>", "-"),
        ("<meta http-equiv=content-type content='text/html'><meta charset=gbk>", "GBK"),
        ("<meta charset=gbk content='charset=koi8-r'>", "GBK"),
        ("<meta content='charset=koi8-r' charset=gbk>", "GBK"),
        ("<meta charset=gbk http-equiv=content-type content='charset=koi8-r'>", "GBK"),
        ("<meta http-equiv=content-type content='charset=koi8-r' charset=gbk>", "GBK"),
        ("<meta http-equiv=content-type content='charset=koi8-r' charset=klingon>", "-"),
        ("<meta charset=klingon http-equiv=content-type content='charset=koi8-r'>", "-"),
        // Comments, which may end with the dashes that they begin with.
        ("<!-- <meta charset=gbk> --><meta charset=koi8-r>", "KOI8-R"),
        ("<!-- <meta charset=gbk>", "-"),
        ("<!--><meta charset=gbk>", "GBK"),
        ("<!---><meta charset=gbk>", "GBK"),
        ("<!----><meta charset=gbk>", "GBK"),
        ("<!-- > <meta charset=gbk> -- > --><meta charset=koi8-r>", "KOI8-R"),
        ("<!-- --!><meta charset=gbk><!-- --><meta charset=koi8-r>", "KOI8-R"),
        ("<!- <meta charset=gbk>", "-"),
        // Other tags and what is none.
        ("<!doctype html><html lang=en><head><title>T</title><meta charset=gbk>", "GBK"),
        ("<p title='<meta charset=gbk>'><meta charset=koi8-r>", "KOI8-R"),
        ("<p title=<meta charset=gbk>x<meta charset=koi8-r>", "KOI8-R"),
        ("<p charset=gbk>", "-"),
        ("<p <meta charset=gbk>", "-"),
        ("<p<meta charset=gbk>", "-"),
        ("<p title='<meta charset=gbk>", "-"),
        // The prescan takes the slash for a part of the name, and so misses the quote.
        ("<p/title=\"><meta charset=gbk>\">", "GBK"),
        ("</p title='<meta charset=gbk>'><meta charset=koi8-r>", "KOI8-R"),
        ("</meta charset=gbk><meta charset=koi8-r>", "KOI8-R"),
        ("<script>'<meta charset=gbk>'</script><meta charset=koi8-r>", "GBK"),
        ("<title><meta charset=gbk></title>", "GBK"),
        ("<script>if (a<b) c = '>'; d = \"<meta charset=gbk>\"</script>", "-"),
        ("<! <meta charset=gbk><meta charset=koi8-r>", "KOI8-R"),
        ("<!doctype html '<meta charset=gbk>", "-"),
        ("<? <meta charset=gbk><meta charset=koi8-r>", "KOI8-R"),
        ("</ <meta charset=gbk><meta charset=koi8-r>", "KOI8-R"),
        ("</><meta charset=gbk>", "GBK"),
        ("<!><meta charset=gbk>", "GBK"),
        ("<?><meta charset=gbk>", "GBK"),
        ("<><meta charset=gbk>", "GBK"),
        ("< <meta charset=gbk>", "GBK"),
        ("<<meta charset=gbk>", "GBK"),
        ("<1<meta charset=gbk>", "GBK"),
        ("a < b <meta charset=gbk>", "GBK"),
        // A byte order mark is not looked at here; a zero byte is a byte like others.
        ("\u{FEFF}<meta charset=gbk>", "GBK"),
        ("\0<meta charset=gbk>", "GBK"),
        ("<\0meta charset=gbk>", "-"),
        ("<meta\0charset=gbk>", "-"),
        ("<meta \0charset=gbk>", "-"),
        ("<meta charset\0=gbk>", "-"),
        ("<meta charset=gbk\0>", "-"),
        ("<meta charset='g\0bk'>", "-"),
        // What is not complete says nothing.
        ("", "-"),
        ("<", "-"),
        ("<!-", "-"),
        ("<!--", "-"),
        ("<meta", "-"),
        ("<meta charset=koi8-r", "-"),
        ("<meta charset='koi8-r'", "-"),
        ("<meta charset='koi8-r", "-"),
        // Not the declaration of an encoding for an XML declaration that says none.
        ("<?xml version='1.0'?><meta charset=gbk>", "GBK"),
        ("<?xml encoding='koi8-r'?><meta charset=gbk>", "GBK"),
        ("<?xml encoding='<meta charset=gbk>'?>", "-"),
    ];

    /// Pages that an XML declaration gives an encoding.
    const XML: &[(&str, &str)] = &[
        ("<?xml version=\"1.0\" encoding=\"koi8-r\"?><p>", "KOI8-R"),
        ("<?xml version='1.0' encoding='koi8-r'?>", "KOI8-R"),
        ("<?xml encoding='KOI8-R'>", "KOI8-R"),
        ("<?xmlencoding='koi8-r'>", "KOI8-R"),
        ("<?xml version='1.0' encoding \0= \n'koi8-r' ?>", "KOI8-R"),
        ("<?xml encoding='latin1'?>", "windows-1252"),
        ("<?xml encoding='utf-16'?>", "UTF-8"),
        ("<?xml encoding='UTF-16BE'?>", "UTF-8"),
        ("<?xml encoding='x-user-defined'?>", "x-user-defined"),
        ("<?xml encoding='iso-2022-kr'?>", "replacement"),
        ("<?xml encoding='koi8-r'?><meta charset=klingon>", "KOI8-R"),
        ("<?xml encoding='koi8-r'?><meta charset=gbk", "KOI8-R"),
        ("<?xml encoding='koi8-r'?><!-- <meta charset=gbk>", "KOI8-R"),
        ("<?xml version='1.0'?>", "-"),
        ("<?xml version='1.0'?><p encoding='koi8-r'>", "-"),
        ("<?xml encoding?>", "-"),
        ("<?xml encoding=?>", "-"),
        ("<?xml encoding=koi8-r?>", "-"),
        ("<?xml encoding='koi8-r\"?>'", "-"),
        ("<?xml encoding=' koi8-r'?>", "-"),
        ("<?xml encoding='koi8-r\n'?>", "-"),
        ("<?xml encoding=''?>", "-"),
        ("<?xml encoding='klingon'?>", "-"),
        ("<?xml ENCODING='koi8-r'?>", "-"),
        ("<?xml encodings='koi8-r' encoding='koi8-r'?>", "-"),
        ("<?xml encoding='koi8-r'", "-"),
        ("<?XML encoding='koi8-r'?>", "-"),
        ("<?Xml encoding='koi8-r'?>", "-"),
        (" <?xml encoding='koi8-r'?>", "-"),
        ("<p><?xml encoding='koi8-r'?>", "-"),
        ("<? xml encoding='koi8-r'?>", "-"),
        // In UTF-16 it is the beginning that speaks, whatever is named.
        ("<\0?\0x\0", "UTF-16LE"),
        ("<\0?\0x\0m\0l\0 \0<meta charset=gbk>", "UTF-16LE"),
        ("\0<\0?\0x", "UTF-16BE"),
        ("\0<\0?\0x\0m\0l\0 <meta charset=gbk>", "UTF-16BE"),
        ("<\0?\0x", "-"),
        ("<\0?\0X\0", "-"),
        ("\0<\0?\0", "-"),
        ("<\0p\0>\0", "-"),
    ];

    fn cases() -> impl Iterator<Item = (&'static str, &'static str, Declaration)> {
        let metas = METAS.iter().map(|(page, name)| (*page, *name, Declaration::Meta));
        metas.chain(XML.iter().map(|(page, name)| (*page, *name, Declaration::XmlDeclaration)))
    }

    #[test]
    fn what_a_page_declares() {
        for (page, name, declaration) in cases() {
            let want = (name != "-").then_some((name, declaration));
            let got = prescan(page.as_bytes()).map(|(encoding, declaration)| (encoding.name(), declaration));
            assert_eq!(got, want, "{page:?}");
        }
    }

    #[test]
    fn an_answer_from_a_meta_stays() {
        for (page, ..) in cases() {
            let mut known = None;
            for end in 0..=page.len() {
                let found = prescan(&page.as_bytes()[..end]);
                assert!(known.is_none() || found == known, "{page:?} up to {end}");
                known = found.filter(|(_, declaration)| *declaration == Declaration::Meta);
            }
        }
    }

    #[test]
    fn what_comes_before_changes_nothing() {
        for (page, name) in METAS {
            // A page that says nothing may be in the middle of something.
            if *name == "-" || page.starts_with("<?xml") {
                continue;
            }
            for before in
                ["\n", "text", "<!-- - -->", "<html><head x=\"y>\" z=>", "</a b='>'>", "<meta charset=klingon>"]
            {
                let found = prescan([before, page].concat().as_bytes()).map(|(encoding, _)| encoding.name());
                assert_eq!(found, Some(*name), "{before:?} {page:?}");
            }
        }
    }

    #[test]
    fn the_content_of_a_meta() {
        for (content, want) in [
            ("charset=gbk", "GBK"),
            ("text/html; charset=gbk", "GBK"),
            ("text/html;charset=gbk;x", "GBK"),
            ("text/html, charset=gbk, x", "-"),
            ("ChArSeT \t=\n GBK \r", "GBK"),
            ("charset=\"gbk\"", "GBK"),
            ("charset='gbk'", "GBK"),
            ("charset=' gbk '", "GBK"),
            ("charset='gbk;'", "-"),
            ("charset='gbk", "-"),
            ("charset='gbk\"", "-"),
            ("charset=\"gbk'", "-"),
            ("charset=gbk'", "-"),
            ("charset='gbk'x", "GBK"),
            ("charset", "-"),
            ("charset=", "-"),
            ("charset= ", "-"),
            ("charset=;gbk", "-"),
            ("charset gbk", "-"),
            ("charset charset=gbk", "GBK"),
            ("charset; charset=gbk", "GBK"),
            ("charsetcharset=gbk", "GBK"),
            ("xcharset=gbk", "GBK"),
            ("charset=klingon; charset=gbk", "-"),
            ("", "-"),
        ] {
            let got = charset_of_content(content.as_bytes()).map_or("-", Encoding::name);
            assert_eq!(got, want, "{content:?}");
        }
    }

    #[test]
    fn the_charset_of_a_header() {
        for (value, want) in [
            ("text/html; charset=gbk", "GBK"),
            ("text/html;charset=gbk", "GBK"),
            ("text/html;\t charset=gbk \t", "GBK"),
            ("Text/HTML; CharSet=GBK", "GBK"),
            ("text/html; charset=\"Shift_JIS\"", "Shift_JIS"),
            ("text/html; charset=\"\\g\\bk\"", "GBK"),
            ("text/html; charset=\"gbk", "GBK"),
            ("text/html; charset=\"gbk\"x; y", "GBK"),
            ("text/html; charset=\"gbk\\", "-"),
            ("text/html; charset=\"\\", "-"),
            ("text/html; charset=\" gbk\"", "GBK"),
            ("text/html; charset= gbk", "GBK"),
            ("text/html; charset='gbk'", "-"),
            ("text/html; charset =gbk", "-"),
            ("text/html; x=y; charset=gbk; z", "GBK"),
            ("text/html; x=\"; charset=utf-8\"; charset=gbk", "GBK"),
            ("text/html; x=\"\\\"; charset=utf-8\"; charset=gbk", "GBK"),
            ("text/html; x=\"; charset=gbk", "-"),
            ("text/html; x=y\"; charset=gbk", "GBK"),
            ("text/html; x; charset=gbk", "GBK"),
            ("text/html;;; charset=gbk", "GBK"),
            ("text/html; charset; charset=gbk", "GBK"),
            ("text/html; charset=; charset=gbk", "GBK"),
            ("text/html; charset=\"\"; charset=gbk", "-"),
            ("text/html; charset=gbk; charset=utf-8", "GBK"),
            ("text/html; charset=klingon; charset=gbk", "-"),
            ("text/html; xcharset=gbk", "-"),
            ("text/html; charset=gbk, text/plain", "-"),
            ("text/html; charset=utf-16", "UTF-16LE"),
            ("text/html; charset=x-user-defined", "x-user-defined"),
            ("text/html; charset=iso-2022-kr", "replacement"),
            ("text/html; charset=gbk\u{A0}", "-"),
            ("; charset=gbk", "GBK"),
            ("charset=gbk", "-"),
            ("text/html charset=gbk", "-"),
            ("text/html", "-"),
            ("text/html;", "-"),
            ("text/html; charset", "-"),
            ("text/html; charset=", "-"),
            ("", "-"),
        ] {
            assert_eq!(charset_of_content_type(value).map_or("-", Encoding::name), want, "{value:?}");
            for (end, _) in value.char_indices() {
                charset_of_content_type(&value[..end]);
            }
        }
    }
}
