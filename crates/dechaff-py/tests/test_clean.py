"""Pages that are in memory."""

from __future__ import annotations

import json
import threading
import time

import pytest

import dechaff
from conftest import PROMO_RULES

SHARE = '<div class="sharedaddy">Share this</div>'


def test_bytes_give_bytes_and_text_gives_text():
    assert dechaff.clean(b"<p>Rye is up.</p>" + SHARE.encode()) == b"<p>Rye is up.</p>"
    assert dechaff.clean("<p>Rye is up.</p>" + SHARE) == "<p>Rye is up.</p>"


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_what_is_like_bytes_gives_bytes(kind):
    page = b"<p>Rye is up.</p>" + SHARE.encode()
    assert dechaff.clean(kind(page)) == b"<p>Rye is up.</p>"
    untouched = dechaff.clean(kind(b"<p>Rye is up.</p>"))
    assert type(untouched) is bytes and untouched == b"<p>Rye is up.</p>"


@pytest.mark.parametrize(
    "html", [b"<p>Rye is up.</p>", "<p>Rye is up.</p>", b"", "", b"\xff\xfe\x00", "\udc80"], ids=ascii
)
def test_a_page_without_chaff_is_the_same_object(html):
    assert dechaff.clean(html) is html


def test_a_subclass_gives_the_plain_type():
    class Markup(str):
        pass

    assert type(dechaff.clean(Markup("<p>Rye"))) is str
    assert dechaff.clean(Markup("<p>Rye</p>" + SHARE)) == "<p>Rye</p>"


def test_pages_of_the_corpus_come_out_as_expected(page):
    cleaner = dechaff.Cleaner(categories=page.categories)
    assert cleaner.clean(page.source) == page.expected
    text, expected = page.source.decode(), page.expected.decode()
    assert cleaner.clean(text) == expected


def test_reports_are_those_of_the_tool(page, tool, tmp_path):
    file = tmp_path / "page.html"
    file.write_bytes(page.source)
    arguments = ["--category", page.categories] if page.categories else []
    done = tool.run("--report", tmp_path / "report", *arguments, file)
    cleaned, report = dechaff.Cleaner(categories=page.categories).clean_with_report(page.source)
    assert cleaned == done.stdout

    lines = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
    told = {
        kind: [line["data"] for line in lines if line["type"] == kind] for kind in ("cut", "decline", "stop", "summary")
    }
    assert [tuple(line[name] for name in dechaff.Cut._fields) for line in told["cut"]] == list(report.cuts)
    assert [tuple(line[name] for name in dechaff.Decline._fields) for line in told["decline"]] == list(report.declines)
    assert [tuple(line[name] for name in dechaff.Stop._fields) for line in told["stop"]] == [
        stop for stop in [report.stop] if stop
    ]
    (summary,) = told["summary"]
    for name in ("encoding", "encoding_evidence", "bytes_in", "bytes_out"):
        assert summary[name] == getattr(report, name)


def test_places_in_text_are_characters(page):
    """``html[start:end]`` is the element, in bytes and in text."""
    cleaner = dechaff.Cleaner(categories="all")
    text = page.source.decode()
    _, bytewise = cleaner.clean_with_report(page.source, encoding="utf-8")
    cleaned, charwise = cleaner.clean_with_report(text)
    assert len(bytewise.cuts) == len(charwise.cuts)
    for one, other in zip(bytewise.cuts + bytewise.declines, charwise.cuts + charwise.declines):
        assert page.source[one.start : one.end].decode() == text[other.start : other.end]
    for cut in reversed(charwise.cuts):
        text = text[: cut.start] + text[cut.end :]
    assert cleaned == text
    assert (charwise.bytes_in, charwise.bytes_out) == (len(page.source), len(cleaned.encode()))


def test_text_is_utf8_whatever_it_says_of_itself():
    page = "<meta charset=shift_jis><p>café 表</p>" + SHARE
    cleaned, report = dechaff.Cleaner().clean_with_report(
        page, encoding="latin1", content_type="text/html; charset=gbk"
    )
    assert cleaned == "<meta charset=shift_jis><p>café 表</p>"
    assert report.encoding == "UTF-8"


def test_lone_surrogates_stay():
    assert dechaff.clean("<p>\ud83d \udcff</p>" + SHARE + "é") == "<p>\ud83d \udcff</p>é"


def test_encodings_are_found_or_told():
    cleaner = dechaff.Cleaner()
    blurb = b"<p>caf\xe9</p><p>Abonnez-vous \xe0 notre newsletter</p>"
    cleaned, report = cleaner.clean_with_report(blurb, content_type="text/html; charset=iso-8859-1")
    assert cleaned == b"<p>caf\xe9</p>"
    assert (report.encoding, report.encoding_evidence) == ("windows-1252", "content-type")
    _, report = cleaner.clean_with_report(blurb, encoding="latin1")
    assert (report.encoding, report.encoding_evidence) == ("windows-1252", "label")
    utf16 = ("\ufeff<p>Rye</p>" + SHARE).encode("utf-16-le")
    assert cleaner.clean(utf16) == "\ufeff<p>Rye</p>".encode("utf-16-le")


def test_categories_are_exactly_those_named():
    page = "<p>Rye</p>" + SHARE
    assert dechaff.clean(page, categories="cookie-notice") == page
    assert dechaff.clean(page, categories=["cookie-notice", "share-widget"]) == "<p>Rye</p>"
    assert dechaff.clean(page, categories="all") == "<p>Rye</p>"
    assert dechaff.clean(page, categories=[]) == page
    for name in dechaff.CATEGORIES:
        dechaff.Cleaner(categories=name)


def test_the_names_of_categories_are_those_of_the_library():
    with pytest.raises(dechaff.OptionError, match=", ".join(dechaff.CATEGORIES)):
        dechaff.Cleaner(categories="cookies")


def test_selectors_remove_and_keep():
    page = "<p>Rye</p><p class=promo>Mugs</p>" + SHARE
    assert dechaff.clean(page, remove=".promo", keep=[".sharedaddy"]) == "<p>Rye</p>" + SHARE
    assert dechaff.clean(page, remove=["p.promo", "div"], categories=[]) == "<p>Rye</p>"


def test_rules_come_from_paths_and_texts(tmp_path):
    file = tmp_path / "house.toml"
    file.write_text(PROMO_RULES)
    page = "<p>Rye</p><p class=promo>Mugs</p><p class=teaser>More</p>"
    for rules in (file, str(file), [file], {"house": PROMO_RULES}, [{"house": PROMO_RULES}]):
        cleaned, report = dechaff.Cleaner(rules=rules).clean_with_report(page)
        assert cleaned == "<p>Rye</p><p class=teaser>More</p>"
        assert report.cuts[0][:2] == ("custom", "house/promo")
    both = dechaff.Cleaner(rules=[file, {"other": PROMO_RULES.replace("promo", "teaser")}])
    assert both.clean(page) == "<p>Rye</p>"


def test_rules_of_some_sites_ask_for_the_address(tmp_path):
    file = tmp_path / "list.txt"
    file.write_text("news.example##.promo\n")
    page = "<p>Rye</p><p class=promo>Mugs</p>"
    for given in (file, {"list": file.read_text()}):
        assert dechaff.clean(page, filter_list=given, url="https://news.example/rye") == "<p>Rye</p>"
        assert dechaff.clean(page, filter_list=given, url="https://other.example/") == page
        assert dechaff.clean(page, filter_list=given) == page


def test_reports_say_what_was_cut():
    _, report = dechaff.Cleaner().clean_with_report("<p>Rye</p>" + SHARE)
    assert report == dechaff.Report(
        cuts=(dechaff.Cut("share-widget", "jetpack-sharing/sharedaddy", "div", 10, 50),),
        declines=(),
        stop=None,
        encoding="UTF-8",
        encoding_evidence="label",
        bytes_in=50,
        bytes_out=10,
    )
    assert report.bytes_cut == 40
    assert repr(report.cuts[0]) == (
        "Cut(category='share-widget', rule='jetpack-sharing/sharedaddy', tag='div', start=10, end=50)"
    )


def test_reports_say_where_cutting_stopped():
    page = "<div>" * 2_000 + SHARE
    cleaned, report = dechaff.Cleaner().clean_with_report(page)
    assert cleaned is page
    assert report.stop == dechaff.Stop(offset=5 * 1_024, reason="too-deep") or report.stop.reason == "too-deep"


def test_other_threads_run_while_a_page_is_cleaned():
    """A page that takes a long time is cleaned in one thread; this one goes on."""
    cleaner = dechaff.Cleaner()
    page = b"<p class='a b'>Rye is up.</p>" * 2_000_000
    times = []

    def work():
        start = time.perf_counter()
        cleaner.clean(page)
        times.append((start, time.perf_counter()))

    thread = threading.Thread(target=work)
    thread.start()
    ticks = []
    while thread.is_alive():
        ticks.append(time.perf_counter())
        time.sleep(0.001)
    thread.join()
    ((start, end),) = times
    during = [tick for tick in ticks if start < tick < end]
    assert len(during) > 20, f"{len(during)} ticks in {end - start} s"


def test_one_cleaner_serves_many_threads(corpus):
    cleaner = dechaff.Cleaner()
    pages = [page for page in corpus if page.categories is None]
    wrong = []

    def work():
        wrong.extend(page.name for page in pages if cleaner.clean(page.source) != page.expected)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
