//! Which doctypes set quirks mode (HTML standard, 13.2.6.4.1). It matters for one thing here: whether `table` closes `p`.

/// Public identifiers that begin like this set quirks mode; the list is the standard's, lower-cased.
const PREFIXES: &[&str] = &[
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer",
    "-//netscape comm. corp.//dtd",
    "-//o'reilly and associates//dtd html",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro",
    "-//softquad//dtd hotmetal pro",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental",
    "-//w3c//dtd w3 html 3.0//",
    "-//w3o//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html",
];
/// These set it when there is no system identifier.
const PREFIXES_WITHOUT_SYSTEM: &[&str] = &["-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//"];
/// And these as a whole.
const WHOLE: &[&str] = &["-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html"];

/// `text` is the doctype between `<!` and `>`.
pub(super) fn is_quirks(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let Some(rest) = text.strip_prefix("doctype") else { return true };
    let rest = rest.trim_start();
    let name_end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
    if &rest[..name_end] != "html" {
        return true;
    }
    let rest = rest[name_end..].trim_start();
    if let Some(ids) = rest.strip_prefix("public") {
        let Some((public, rest)) = quoted(ids) else { return true };
        let system = quoted(rest).map(|(s, _)| s);
        PREFIXES.iter().any(|p| public.starts_with(p))
            || WHOLE.contains(&public)
            || (system.is_none() && PREFIXES_WITHOUT_SYSTEM.iter().any(|p| public.starts_with(p)))
            || system == Some("http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
    } else if let Some(ids) = rest.strip_prefix("system") {
        quoted(ids).is_none_or(|(s, _)| s == "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
    } else {
        !rest.is_empty()
    }
}

/// The quoted string that `text` starts with, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text[1..].split_once(quote)
}

#[cfg(test)]
mod tests {
    use super::is_quirks;

    #[test]
    fn doctypes_in_use() {
        for (doctype, quirks) in [
            ("DOCTYPE html", false),
            ("doctype HTML", false),
            ("DOCTYPE html SYSTEM \"about:legacy-compat\"", false),
            ("DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\"", false),
            ("DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"", true),
            ("DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\" \"x\"", false),
            ("DOCTYPE HTML PUBLIC '-//IETF//DTD HTML 2.0//EN'", true),
            ("DOCTYPE", true),
            ("DOCTYPE svg", true),
        ] {
            assert_eq!(is_quirks(doctype.as_bytes()), quirks, "{doctype}");
        }
    }
}
