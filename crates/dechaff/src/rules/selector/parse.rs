//! Reads selectors; the tokens are cssparser's.

use std::str::FromStr;

use cssparser::{BasicParseErrorKind, ParseError, ParseErrorKind, Parser, Token, parse_nth};

use super::{Combinator, Complex, Compound, Operator, Selector, Simple, ValueTest};
use crate::error::{Error, ErrorKind};
use crate::tree::tag::Name;

type Result<T> = std::result::Result<T, ParseError<String>>;

impl FromStr for Selector {
    type Err = Error;

    /// Reads a list of selectors. Anything that is not supported, and anything that is no CSS, is an
    /// [`ErrorKind::Selector`] that names it.
    fn from_str(text: &str) -> std::result::Result<Self, Error> {
        let text = text.trim();
        let mut input = Parser::new(text);
        let list = input.parse_entirely(|input| input.parse_comma_separated(parse_complex));
        let list = list.map_err(|error| {
            let what = match error.kind {
                ParseErrorKind::Custom(what) => what,
                ParseErrorKind::Basic(BasicParseErrorKind::EndOfInput) => "it ends too early".to_owned(),
                ParseErrorKind::Basic(BasicParseErrorKind::TooManyNestedBlocks) => "it is nested too deep".to_owned(),
                ParseErrorKind::Basic(_) => match input.slice_from(input.position()) {
                    "" => "it ends too early".to_owned(),
                    rest => format!("'{rest}' is not expected here"),
                },
            };
            ErrorKind::Selector { selector: text.to_owned(), what }
        })?;
        Ok(Self { text: text.into(), list: list.into() })
    }
}

fn fail<T>(what: impl Into<String>) -> Result<T> {
    Err(ParseError::custom(what.into()))
}

/// Compounds and what stands between them, up to a comma or the end.
fn parse_complex(input: &mut Parser<'_>) -> Result<Complex> {
    input.skip_whitespace();
    let mut compound = parse_compound(input)?;
    let mut around = Vec::new();
    while let Some(combinator) = parse_combinator(input)? {
        around.insert(0, (combinator, compound));
        compound = parse_compound(input)?;
    }
    Ok(Complex { subject: compound, around })
}

/// What joins two compounds; none at the end.
fn parse_combinator(input: &mut Parser<'_>) -> Result<Option<Combinator>> {
    input.skip_whitespace();
    let start = input.state();
    let combinator = match input.next() {
        Err(_) => return Ok(None),
        Ok(Token::Delim('>')) => {
            input.skip_whitespace();
            return Ok(Some(Combinator::Child));
        }
        Ok(Token::Delim(sibling @ ('+' | '~'))) => return fail(format!("the combinator '{sibling}' is not supported")),
        Ok(_) => Combinator::Descendant,
    };
    input.reset(&start);
    Ok(Some(combinator))
}

/// Tests that stand together without white space: at least one.
fn parse_compound(input: &mut Parser<'_>) -> Result<Compound> {
    let mut compound = Compound::default();
    let mut any = false;
    loop {
        let start = input.state();
        let from = input.position();
        let Ok(token) = input.next_including_whitespace() else { break };
        match token.clone() {
            Token::Ident(name) if !any => compound.tests.push(Simple::Tag(Name::new(name.as_bytes()))),
            Token::Delim('*') if !any => {}
            Token::Delim('|') => return fail("namespaces are not supported"),
            Token::IDHash(id) => compound.tests.push(Simple::Id(id.as_bytes().into())),
            Token::Delim('.') => match input.next_including_whitespace() {
                Ok(Token::Ident(class)) => compound.tests.push(Simple::Class(class.as_bytes().into())),
                _ => return fail(format!("'{}' is no class", input.slice_from(from))),
            },
            Token::SquareBracketBlock => compound.tests.push(input.parse_nested_block(parse_attribute)?),
            Token::Colon => compound.tests.push(parse_pseudo_class(input, from)?),
            Token::Hash(_) => return fail(format!("'{}' is no id", input.slice_from(from))),
            _ => {
                input.reset(&start);
                break;
            }
        }
        any = true;
    }
    if any {
        return Ok(compound);
    }
    let from = input.position();
    match input.next().is_ok() {
        true => fail(format!("'{}' is no selector", input.slice_from(from))),
        false => fail("it ends too early"),
    }
}

/// What stands between brackets.
fn parse_attribute(input: &mut Parser<'_>) -> Result<Simple> {
    let from = input.position();
    let name = input.expect_ident_cloned()?;
    let lower: Box<[u8]> = name.as_bytes().to_ascii_lowercase().into();
    if input.is_exhausted() {
        let test = ValueTest { operator: Operator::Present, value: Box::default(), ignore_case: false };
        return Ok(Simple::Attribute(lower, test));
    }
    let operator = match input.next()? {
        Token::Delim('=') => Operator::Equals,
        Token::IncludeMatch => Operator::Includes,
        Token::DashMatch => Operator::Dash,
        Token::PrefixMatch => Operator::Prefix,
        Token::SuffixMatch => Operator::Suffix,
        Token::SubstringMatch => Operator::Substring,
        _ => return fail(format!("'{}' is no test of an attribute", input.slice_from(from))),
    };
    let value = input.expect_ident_or_string()?.as_bytes().into();
    let ignore_case = match input.try_parse(|input| input.expect_ident_cloned()) {
        Ok(flag) if flag.eq_ignore_ascii_case("i") => true,
        Ok(flag) if flag.eq_ignore_ascii_case("s") => false,
        Ok(flag) => return fail(format!("'{flag}' is no flag; there are i and s")),
        Err(_) => CASELESS.contains(&&*lower),
    };
    Ok(Simple::Attribute(lower, ValueTest { operator, value, ignore_case }))
}

/// What stands after a colon. `from`: where the colon stands.
fn parse_pseudo_class(input: &mut Parser<'_>, from: cssparser::SourcePosition) -> Result<Simple> {
    let token = match input.next_including_whitespace() {
        Ok(token) => token.clone(),
        Err(_) => return fail("it ends too early"),
    };
    match token {
        Token::Ident(name) if name.eq_ignore_ascii_case("first-child") => Ok(first(false)),
        Token::Ident(name) if name.eq_ignore_ascii_case("first-of-type") => Ok(first(true)),
        Token::Function(name) if name.eq_ignore_ascii_case("nth-child") => {
            input.parse_nested_block(|i| parse_place(i, false))
        }
        Token::Function(name) if name.eq_ignore_ascii_case("nth-of-type") => {
            input.parse_nested_block(|i| parse_place(i, true))
        }
        Token::Function(name) if name.eq_ignore_ascii_case("not") => {
            let list = input.parse_nested_block(|input| input.parse_comma_separated(parse_complex))?;
            if list.iter().any(|complex| !complex.around.is_empty()) {
                return fail("a combinator inside ':not()' is not supported");
            }
            Ok(Simple::Not(list.into_iter().map(|complex| complex.subject).collect()))
        }
        Token::Function(_) => fail(format!("'{})' is not supported", input.slice_from(from))),
        Token::Colon => {
            let _ = input.next_including_whitespace();
            fail(format!("the pseudo-element '{}' is not supported: it is none in the page", input.slice_from(from)))
        }
        _ => fail(format!("'{}' is not supported", input.slice_from(from))),
    }
}

fn first(of_type: bool) -> Simple {
    Simple::Nth { step: 0, offset: 1, of_type }
}

fn parse_place(input: &mut Parser<'_>, of_type: bool) -> Result<Simple> {
    let (step, offset) = parse_nth(input)?;
    if input.is_exhausted() {
        Ok(Simple::Nth { step, offset, of_type })
    } else {
        fail("'of' in ':nth-child()' is not supported")
    }
}

/// Attributes whose values have no case in HTML (HTML standard, 4.16.2).
const CASELESS: [&[u8]; 46] = [
    b"accept",
    b"accept-charset",
    b"align",
    b"alink",
    b"axis",
    b"bgcolor",
    b"charset",
    b"checked",
    b"clear",
    b"codetype",
    b"color",
    b"compact",
    b"declare",
    b"defer",
    b"dir",
    b"direction",
    b"disabled",
    b"enctype",
    b"face",
    b"frame",
    b"hreflang",
    b"http-equiv",
    b"lang",
    b"language",
    b"link",
    b"media",
    b"method",
    b"multiple",
    b"nohref",
    b"noresize",
    b"noshade",
    b"nowrap",
    b"readonly",
    b"rel",
    b"rev",
    b"rules",
    b"scope",
    b"scrolling",
    b"selected",
    b"shape",
    b"target",
    b"text",
    b"type",
    b"valign",
    b"valuetype",
    b"vlink",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> String {
        match text.parse::<Selector>().unwrap_err().into_kind() {
            ErrorKind::Selector { selector, what } => {
                assert_eq!(selector, text);
                what
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn errors_name_the_construct() {
        for (text, want) in [
            ("", "it ends too early"),
            ("a >", "it ends too early"),
            ("a,", "it ends too early"),
            ("a + b", "the combinator '+' is not supported"),
            ("a~b", "the combinator '~' is not supported"),
            ("a:hover", "':hover' is not supported"),
            ("a::before", "the pseudo-element '::before' is not supported: it is none in the page"),
            (":has(a)", "':has()' is not supported"),
            (":nth-child(2 of p)", "'of' in ':nth-child()' is not supported"),
            (":not(a b)", "a combinator inside ':not()' is not supported"),
            ("svg|a", "namespaces are not supported"),
            ("#1a", "'#1a' is no id"),
            (".1a", "'.1a' is no selector"),
            (". a", "'. ' is no class"),
            ("[a=b x]", "'x' is no flag; there are i and s"),
            ("[a<b]", "'a<' is no test of an attribute"),
        ] {
            assert_eq!(what(text), want, "{text}");
        }
    }

    #[test]
    fn compounds_are_read_from_the_inside_out() {
        let selector: Selector = "ul.a > li:not(.b, #c) [href^='x' i]".parse().unwrap();
        let [complex] = selector.list() else { panic!("{selector:?}") };
        assert!(
            matches!(&*complex.subject.tests, [Simple::Attribute(name, test)] if **name == *b"href" && test.ignore_case)
        );
        assert_eq!(
            complex.around.iter().map(|(c, _)| *c).collect::<Vec<_>>(),
            [Combinator::Descendant, Combinator::Child]
        );
        assert!(complex.needs_tree());
    }
}
