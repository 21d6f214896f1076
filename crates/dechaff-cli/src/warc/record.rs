//! Cleans one record.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::input::codec::Codec;
use crate::input::magic::{self, Content};
use crate::seeing::Seen;
use crate::setup::Setup;

use super::chunked::{self, Body};
use super::conversion;
use super::digest::Scheme;
use super::head::Head;
use super::reader::{Place, RECORD};

/// A record, whole.
pub(crate) struct Record {
    /// Where it lies in the archive.
    pub(crate) place: Place,
    pub(crate) head: Head,
    /// What its `Content-Length` counts.
    pub(crate) block: Vec<u8>,
    /// The empty lines after it.
    pub(crate) tail: Vec<u8>,
    /// The gzip member that is this record and nothing else.
    pub(crate) packed: Option<Vec<u8>>,
}

/// What became of a record.
pub(crate) enum Cleaned {
    /// There is no page in it.
    NoPage,
    /// There is, and nothing in it is chaff. What there is to be said of it.
    Same(Seen),
    /// The record without the chaff.
    Cut(Vec<u8>, Seen),
    /// It could not be cleaned, and why.
    Left(String),
}

impl Record {
    /// How many bytes it holds.
    pub(crate) fn size(&self) -> usize {
        self.head.bytes().len() + self.block.len() + self.packed.as_ref().map_or(0, Vec::len)
    }

    /// All of it, as it was.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head.bytes(), &self.block, &self.tail].concat()
    }

    /// The address of what was fetched. Some write it in angle brackets.
    pub(crate) fn url(&self) -> Option<&str> {
        let url = self.head.get("WARC-Target-URI")?;
        Some(url.strip_prefix('<').and_then(|url| url.strip_suffix('>')).unwrap_or(url))
    }

    /// Whether it is about the archive.
    pub(crate) fn is_warcinfo(&self) -> bool {
        self.head.get("WARC-Type").is_some_and(|kind| kind.eq_ignore_ascii_case("warcinfo"))
    }

    /// Cleans the page in it.
    pub(crate) fn clean(&self, setup: &Setup) -> Cleaned {
        match self.try_clean(setup) {
            Ok(cleaned) => cleaned,
            Err(why) => Cleaned::Left(why),
        }
    }

    fn try_clean(&self, setup: &Setup) -> Result<Cleaned, String> {
        if !holds_html(&self.head, &self.block) {
            return Ok(Cleaned::NoPage);
        }
        let message = Message::new(&self.head, &self.block)?;
        if message.page.is_empty() {
            return Ok(Cleaned::NoPage);
        }
        if let Content::Other(name) = magic::content(&message.page) {
            return Err(format!("not HTML ({name})"));
        }
        let page = setup.page(message.content_type.as_deref(), self.url()).map_err(|error| error.to_string())?;
        let (clean, report) = page.clean(&message.page).map_err(|error| error.to_string())?;
        let seen = setup.see((Some(self.place.number), None, self.url()), &message.page, &report);
        if let Some(converter) = &setup.converter {
            let text = converter.convert(&clean, report.encoding)?;
            return Ok(Cleaned::Cut(conversion::record(&self.head, &text), seen));
        }
        if report.cuts.is_empty() {
            return Ok(Cleaned::Same(seen));
        }
        let body = message.body(clean)?;
        let mut values = Vec::new();
        if let Some(value) = self.head.get("WARC-Payload-Digest") {
            values.push(("WARC-Payload-Digest", message.payload_digest(value, &body)?));
        }
        let block = message.block(&body);
        if let Some(value) = self.head.get("WARC-Block-Digest") {
            values.push(("WARC-Block-Digest", scheme(value)?.digest(&block)));
        }
        values.push(("Content-Length", block.len().to_string()));
        Ok(Cleaned::Cut([self.head.with(&values), block, self.tail.clone()].concat(), seen))
    }
}

/// Whether a record with this head has HTML in it, as far as what `block` begins with says it. A segment of a record that
/// goes on in another one is not looked at.
pub(crate) fn holds_html(head: &Head, block: &[u8]) -> bool {
    if head.has("WARC-Segment-Number") {
        return false;
    }
    match head.get("WARC-Type") {
        Some(kind) if kind.eq_ignore_ascii_case("resource") => is_html(head),
        Some(kind) if kind.eq_ignore_ascii_case("response") => http_head(block).is_some_and(|head| is_html(&head)),
        _ => false,
    }
}

/// The head of the HTTP message that `block` is.
fn http_head(block: &[u8]) -> Option<Head> {
    let length = Head::length(block).filter(|_| block.starts_with(b"HTTP/"))?;
    Some(Head::new(block[..length].to_vec()))
}

fn is_html(head: &Head) -> bool {
    let kind = head.get("Content-Type").and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"].iter().any(|html| kind.eq_ignore_ascii_case(html))
}

fn scheme(value: &str) -> Result<Scheme<'_>, String> {
    Scheme::of(value).ok_or_else(|| format!("its digest '{value}' is of a kind that is not known"))
}

/// The page of a record, and all that it is wrapped in. Each layer is kept as it was, to be put back around the clean page.
struct Message<'a> {
    /// The head of the HTTP message, if it is one.
    http: Option<Head>,
    /// All that follows it.
    body: &'a [u8],
    chunked: Option<chunked::Chunked<'a>>,
    gzip: bool,
    page: Cow<'a, [u8]>,
    content_type: Option<String>,
}

/// Another body, with the chunks put together and in chunks.
struct NewBody {
    page: Vec<u8>,
    data: Vec<u8>,
    body: Vec<u8>,
}

impl<'a> Message<'a> {
    fn new(head: &Head, block: &'a [u8]) -> Result<Self, String> {
        let content_type = |head: &Head| head.get("Content-Type").map(str::to_owned);
        let Some(http) =
            http_head(block).filter(|_| !head.get("WARC-Type").unwrap_or_default().eq_ignore_ascii_case("resource"))
        else {
            let (page, content_type) = (Cow::Borrowed(block), content_type(head));
            return Ok(Self { http: None, body: block, chunked: None, gzip: false, page, content_type });
        };
        let body = &block[http.bytes().len()..];
        let transfer = http.get("Transfer-Encoding").unwrap_or_default();
        let mut chunked = None;
        if transfer.split(',').any(|coding| coding.trim().eq_ignore_ascii_case("chunked")) {
            chunked = match chunked::decode(body) {
                Body::Chunked(chunked) => Some(chunked),
                Body::Whole => None,
                Body::Broken => return Err("its chunks are damaged or cut off".to_owned()),
            };
        }
        let data = chunked.as_ref().map_or(Cow::Borrowed(body), |chunked| Cow::Owned(chunked.data.clone()));
        let coding = http.get("Content-Encoding").unwrap_or_default().trim().to_ascii_lowercase();
        let gzip = match &*coding {
            "" | "identity" => false,
            // Some crawlers unpack bodies and leave the head as it was.
            "gzip" | "x-gzip" => Codec::sniff(&data) == Codec::Gzip,
            _ if data.is_empty() || data.trim_ascii_start().starts_with(b"<") => false,
            _ => return Err(format!("its body is compressed with {coding}, which can't be unpacked here")),
        };
        let page = if gzip { Cow::Owned(unpack(&data)?) } else { data };
        let content_type = content_type(&http);
        Ok(Self { http: Some(http), body, chunked, gzip, page, content_type })
    }

    /// The `page` in the layers that the old one was in.
    fn body(&self, page: Vec<u8>) -> Result<NewBody, String> {
        let data = match self.gzip {
            true => Codec::Gzip.pack(page.clone()).map_err(|error| error.to_string())?,
            false => page.clone(),
        };
        let body = self.chunked.as_ref().map_or_else(|| data.clone(), |chunked| chunked.encode(&data));
        Ok(NewBody { page, data, body })
    }

    /// The block around `body`.
    fn block(&self, body: &NewBody) -> Vec<u8> {
        match &self.http {
            Some(head) => [head.with(&[("Content-Length", body.body.len().to_string())]), body.body.clone()].concat(),
            None => body.body.clone(),
        }
    }

    /// The digest of `body` in the field that has `value`. Crawlers disagree on whether chunks and compression are a part of
    /// what they digest: it is done as it was here.
    fn payload_digest(&self, value: &str, body: &NewBody) -> Result<String, String> {
        let scheme = scheme(value)?;
        let is = |bytes: &[u8]| scheme.digest(bytes) == value;
        let new = match &self.chunked {
            _ if is(self.body) => &body.body,
            Some(chunked) if is(&chunked.data) => &body.data,
            _ if self.gzip && is(&self.page) => &body.page,
            _ => &body.body,
        };
        Ok(scheme.digest(new))
    }
}

fn unpack(data: &[u8]) -> Result<Vec<u8>, String> {
    let mut page = Vec::new();
    match MultiGzDecoder::new(data).take(RECORD + 1).read_to_end(&mut page) {
        Ok(_) if page.len() as u64 > RECORD => Err("its body unpacks to more than is held in memory".to_owned()),
        Ok(_) => Ok(page),
        Err(_) => Err("its gzip body is damaged or cut off".to_owned()),
    }
}
