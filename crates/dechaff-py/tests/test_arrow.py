"""Arrays of pages."""

from __future__ import annotations

import gc

import pyarrow as pa
import pytest

import dechaff

SHARE = b'<div class="sharedaddy">Share this</div>'
TYPES = [pa.binary(), pa.large_binary(), pa.binary_view(), pa.string(), pa.large_string(), pa.string_view()]
REFUSED = b"<meta charset=iso-2022-kr><p>Rye</p>"


@pytest.fixture(params=TYPES, ids=str)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def cleaner():
    return dechaff.Cleaner()


def array(pages, kind):
    text = "string" in str(kind)
    return pa.array([page if page is None or not text else page.decode() for page in pages], type=kind)


def as_bytes(array):
    return [value.encode() if isinstance(value, str) else value for value in array.to_pylist()]


def test_the_same_type_comes_out(kind, cleaner, corpus):
    pages = [page.source for page in corpus]
    given = array([None, b"", *pages, None, b"x"], kind)
    cleaned, report = cleaner.clean_arrow_with_report(given)
    cleaned.validate(full=True)
    report.validate(full=True)
    assert cleaned.type == kind and len(cleaned) == len(given)
    assert as_bytes(cleaned) == [None, b"", *(cleaner.clean(page, encoding="utf-8") for page in pages), None, b"x"]
    assert cleaner.clean_arrow(given).equals(cleaned)
    assert len(report) == len(given)


def test_an_array_that_nothing_is_cut_from_is_the_same_object(kind, cleaner):
    given = array([b"<p>Rye is up.</p>", None, b""], kind)
    assert cleaner.clean_arrow(given) is given
    assert dechaff.clean_arrow(given) is given
    chunked = pa.chunked_array([given, given])
    assert cleaner.clean_arrow(chunked) is chunked


def test_slices_are_cleaned_as_they_are(kind, cleaner):
    pages = [b"<p>A" + SHARE, None, b"<p>B" + SHARE + b"<p>C", b"x", SHARE, b"<p>D" + SHARE]
    given = array(pages, kind)
    want = [b"<p>A", None, b"<p>B<p>C", b"x", b"", b"<p>D"]
    for start in range(len(pages)):
        for length in range(len(pages) - start + 1):
            cleaned = cleaner.clean_arrow(given.slice(start, length))
            cleaned.validate(full=True)
            assert as_bytes(cleaned) == want[start : start + length]


def test_chunks_stay_chunks(kind, cleaner):
    given = pa.chunked_array([array([b"<p>A" + SHARE, None], kind), array([], kind), array([b"<p>B"], kind)])
    cleaned, report = cleaner.clean_arrow_with_report(given)
    assert cleaned.type == kind and [len(chunk) for chunk in cleaned.chunks] == [2, 0, 1]
    assert as_bytes(cleaned) == [b"<p>A", None, b"<p>B"]
    assert [row["bytes_in"] for row in report.to_pylist()] == [4 + len(SHARE), None, 4]
    empty = pa.chunked_array([], type=kind)
    assert cleaner.clean_arrow(empty) is empty
    assert cleaner.clean_arrow_with_report(empty)[1].type == report.type


def test_views_share_what_is_not_copied(cleaner):
    """Only a page with a hole in the middle is copied; what was cut at an end leaves a shorter view of the same bytes."""
    prose = b"<p>" + b"Rye is up. " * 100 + b"</p>"
    whole, end, hole = prose, prose + SHARE, prose + SHARE + prose
    given = pa.array([whole, end, hole], type=pa.binary_view())
    cleaned = cleaner.clean_arrow(given)
    assert cleaned.to_pylist() == [prose, prose, prose + prose]
    old = [buffer.address for buffer in given.buffers()[2:]]
    new = [(buffer.address, buffer.size) for buffer in cleaned.buffers()[2:]]
    assert [address for address, _ in new[:-1]] == old
    assert new[-1][1] == 2 * len(prose)
    del given
    gc.collect()
    assert cleaned.to_pylist() == [prose, prose, prose + prose]


def test_what_is_left_of_a_view_may_be_short(cleaner):
    given = pa.array([b"<p>A" + SHARE, SHARE + b"<p>B", b"<td>" + SHARE + b"C", SHARE, b"<p>D"], type=pa.binary_view())
    cleaned = cleaner.clean_arrow(given)
    cleaned.validate(full=True)
    assert cleaned.to_pylist() == [b"<p>A", b"<p>B", b"<td>C", b"", b"<p>D"]


def test_reports_are_those_of_single_pages(cleaner, corpus):
    pages = [page.source for page in corpus]
    _, rows = cleaner.clean_arrow_with_report(pa.array(pages))
    for page, row in zip(pages, rows.to_pylist()):
        _, report = cleaner.clean_with_report(page)
        assert [tuple(cut.values()) for cut in row["cuts"]] == list(report.cuts)
        assert [tuple(decline.values()) for decline in row["declines"]] == list(report.declines)
        assert row["stop"] == (report.stop and report.stop.reason)
        assert (row["encoding"], row["bytes_in"], row["bytes_out"]) == (
            report.encoding,
            report.bytes_in,
            report.bytes_out,
        )
        assert row["error"] is None


def test_a_bad_page_is_an_exception_or_stays(cleaner):
    given = pa.array([b"<p>A" + SHARE, None, REFUSED, b"<p>B" + SHARE])
    with pytest.raises(dechaff.PageError, match="^row 2: in ISO-2022-KR"):
        cleaner.clean_arrow(given)
    with pytest.raises(dechaff.PageError, match="^row 3: in ISO-2022-KR"):
        cleaner.clean_arrow(pa.chunked_array([given[:1], given]))
    want = [b"<p>A", None, REFUSED, b"<p>B"]
    assert cleaner.clean_arrow(given, errors="keep").to_pylist() == want
    cleaned, report = cleaner.clean_arrow_with_report(given)
    assert cleaned.to_pylist() == want
    errors = [row["error"] for row in report.to_pylist()]
    assert [error is None for error in errors] == [True, True, False, True]
    assert errors[2].startswith("in ISO-2022-KR, ISO-2022-CN or HZ, as its meta says")
    row = report.to_pylist()[2]
    assert (row["bytes_in"], row["bytes_out"], row["cuts"], row["encoding"]) == (len(REFUSED), len(REFUSED), [], None)


def test_hints_go_with_their_rows():
    cleaner = dechaff.Cleaner(filter_list={"list": "news.example##.promo"})
    page = b"<p>caf\xe9</p><p class=promo>Mugs</p>"
    given = pa.array([page, page, page])
    urls = pa.array(["https://news.example/", None, "https://other.example/"])
    types = pa.array([None, "text/html; charset=iso-8859-2", ""])
    want = [b"<p>caf\xe9</p>", page, page]
    for pages, hints in (
        (given, (urls, types)),
        (pa.chunked_array([given[:1], given[1:]]), (urls, types)),
        (pa.chunked_array([given[:1], given[1:]]), (pa.chunked_array([urls[:2], urls[2:]]), pa.chunked_array([types]))),
        (given, (urls.cast(pa.large_string()), types.cast(pa.string_view()))),
    ):
        cleaned, report = cleaner.clean_arrow_with_report(pages, urls=hints[0], content_types=hints[1])
        assert cleaned.to_pylist() == want
        assert [row["encoding"] for row in report.to_pylist()] == ["windows-1252", "ISO-8859-2", "windows-1252"]
    assert cleaner.clean_arrow_with_report(given, encoding="koi8-r")[1].to_pylist()[0]["encoding"] == "KOI8-R"


def test_hints_must_be_as_many_as_pages(cleaner):
    with pytest.raises(dechaff.OptionError, match="urls has 1 rows, and there are 2 pages"):
        cleaner.clean_arrow(pa.array([b"a", b"b"]), urls=pa.array(["a"]))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([b"x"], "array must be an Arrow array of .*, not list"),
        (b"x", "array must be an Arrow array of .*, not bytes"),
        (pa.array([1]), "array must be an Arrow array of .*, not of int64"),
        (pa.array([b"x"]).dictionary_encode(), "array must be an Arrow array of .*, not of dictionary"),
        (pa.table({"html": [b"x"]}), "array must be an Arrow array of .*, not .*Table"),
        (pa.chunked_array([[1.5]]), "array must be an Arrow array of .*, not of double"),
    ],
    ids=["list", "bytes", "integers", "dictionary", "table", "chunks of floats"],
)
def test_a_wrong_type_says_what_is_wanted(cleaner, given, message):
    with pytest.raises(TypeError, match=message):
        cleaner.clean_arrow(given)


def test_an_unknown_way_with_errors(cleaner):
    with pytest.raises(dechaff.OptionError, match="errors is 'raise' or 'keep', not \"ignore\""):
        cleaner.clean_arrow(pa.array([b"x"]), errors="ignore")


def test_arrays_of_other_libraries_are_taken(cleaner):
    class Foreign:
        """All that the Arrow PyCapsule interface asks for."""

        def __init__(self, array):
            self.array = array

        def __arrow_c_array__(self, requested_schema=None):
            return self.array.__arrow_c_array__(requested_schema)

        def __len__(self):
            return len(self.array)

    cleaned = cleaner.clean_arrow(Foreign(pa.array([b"<p>A" + SHARE])))
    assert isinstance(cleaned, pa.Array) and cleaned.to_pylist() == [b"<p>A"]
    assert cleaner.clean_arrow(Foreign(pa.array(["<p>A"]))).to_pylist() == ["<p>A"]


def test_a_page_of_100_megabytes(kind, cleaner):
    large = b"<p>Rye is up.</p>" * (100_000_000 // 17) + SHARE
    cleaned = cleaner.clean_arrow(array([b"<p>A" + SHARE, large, b"<p>B" + SHARE], kind))
    assert [len(value) for value in as_bytes(cleaned)] == [4, len(large) - len(SHARE), 4]
