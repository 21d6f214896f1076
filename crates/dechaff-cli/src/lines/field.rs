//! Where the value of a field lies in a line of JSON, and how to cut something out of a string without touching the rest.

use std::collections::BTreeMap;
use std::ops::Range;

use dechaff::Cut;
use serde_json::value::RawValue;

/// The value of a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A string, and where it lies in the line, without its quotes.
    Text {
        /// What it says.
        text: String,
        span: Range<usize>,
    },
    Null,
    /// A number, an object and so on.
    Other,
}

/// Finds the field `name` in `line`. If there is none with just this name, a dot in it leads into an object. Of several
/// with one name the last one counts, as it does for most readers. An error says why `line` can't be read.
pub(crate) fn find(line: &str, name: &str) -> Result<Option<Field>, String> {
    let Some(value) = value(line, name)? else { return Ok(None) };
    if value == "null" {
        return Ok(Some(Field::Null));
    }
    if !value.starts_with('"') {
        return Ok(Some(Field::Other));
    }
    let text = serde_json::from_str(value).map_err(|error| why(&error))?;
    let start = value.as_ptr() as usize - line.as_ptr() as usize + 1;
    Ok(Some(Field::Text { text, span: start..start + value.len() - 2 }))
}

/// The value as it is written: a part of `object`.
fn value<'a>(object: &'a str, name: &str) -> Result<Option<&'a str>, String> {
    let fields: BTreeMap<String, &'a RawValue> = serde_json::from_str(object).map_err(|error| why(&error))?;
    if let Some(value) = fields.get(name) {
        return Ok(Some(value.get()));
    }
    for (dot, _) in name.match_indices('.') {
        if let Some(inner) = fields.get(&name[..dot]).filter(|inner| inner.get().starts_with('{'))
            && let Some(value) = value(inner.get(), &name[dot + 1..])?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// What is wrong with a line. That it is the first line of its text is no news.
fn why(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    if error.is_data() {
        return "no JSON object".to_owned();
    }
    format!("not JSON at column {}: {}", error.column(), text.strip_prefix("invalid type: ").unwrap_or(text))
}

/// `text` as it stands between the quotes of a string.
pub(crate) fn quoted(text: &str) -> String {
    let string = serde_json::Value::from(text).to_string();
    string[1..string.len() - 1].to_owned()
}

/// The string with this `source`, as it stands between its quotes, without the `cuts`, which are ranges of what it says. The
/// rest stays as it is written, with its escapes.
pub(crate) fn without(source: &str, cuts: &[Cut]) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut cuts = cuts.iter().map(|cut| &cut.range).peekable();
    // Where we are, in bytes of what the string says.
    let mut at = 0;
    let mut rest = source;
    while !rest.is_empty() {
        while cuts.next_if(|cut| cut.end <= at).is_some() {}
        let (length, says) = unit(rest);
        let (unit, after) = rest.split_at(length);
        if !cuts.peek().is_some_and(|cut| cut.contains(&at)) {
            kept.push_str(unit);
        }
        at += says;
        rest = after;
    }
    kept
}

/// How long the first character in `source` is as it is written, and how long in UTF-8.
fn unit(source: &str) -> (usize, u64) {
    let code = |at: usize| source.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match source.as_bytes() {
        [b'\\', b'u', ..] => match code(2) {
            // The first half of a pair.
            Some(0xd800..=0xdbff) => (12, 4),
            Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8) as u64),
            None => (2, 1),
        },
        [b'\\', ..] => (2, 1),
        _ => {
            let length = source.chars().next().map_or(1, char::len_utf8);
            (length, length as u64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str, name: &str) -> Option<(String, String)> {
        match find(line, name).unwrap() {
            Some(Field::Text { text, span }) => Some((text, line[span].to_owned())),
            _ => None,
        }
    }

    #[test]
    fn a_field_is_found_where_it_lies() {
        let line = r#" { "a.b":"dot", "a" : {"b":"in", "c":{"d":"d\u0065ep"}} ,"html":"one","html":"two\"<p>", "n":null,"x":[1]}"#;
        assert_eq!(text(line, "html"), Some(("two\"<p>".to_owned(), "two\\\"<p>".to_owned())));
        assert_eq!(text(line, "a.b").unwrap().0, "dot");
        assert_eq!(text(line, "a.c.d"), Some(("deep".to_owned(), "d\\u0065ep".to_owned())));
        assert_eq!(find(line, "n").unwrap(), Some(Field::Null));
        assert_eq!(find(line, "x").unwrap(), Some(Field::Other));
        assert_eq!(find(line, "a.z").unwrap(), None);
    }

    #[test]
    fn what_is_no_object_says_so() {
        assert_eq!(find("[1]", "html").unwrap_err(), "no JSON object");
        assert!(find("{\"html\":", "html").unwrap_err().starts_with("not JSON at column 8: EOF"));
        assert!(find(r#"{"html":"\ud800"}"#, "html").is_err());
    }

    #[test]
    fn escapes_stay_as_they_are_written() {
        let page = r#"<p>\u00e9\ud83c\udf6a\/é🍪\n<\/p><div class=\"sharedaddy\">Share\u0020\ud83c\udf6a this<\/div>\u003cp>\t"#;
        let html: String = serde_json::from_str(&format!("\"{page}\"")).unwrap();
        let (_, report) = dechaff::clean(html.as_bytes()).unwrap();
        assert_eq!(report.cuts.len(), 1);
        let start = page.find("<div").unwrap();
        let end = page.find("\\u003cp").unwrap();
        assert_eq!(without(page, &report.cuts), [&page[..start], &page[end..]].concat());
        assert_eq!(without(page, &[]), page);
    }
}
