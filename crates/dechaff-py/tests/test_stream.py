"""Pages that come in chunks."""

from __future__ import annotations

import threading

import pytest

import dechaff


def in_chunks(page: bytes, size: int, cleaner: dechaff.Cleaner) -> tuple[bytes, dechaff.Report]:
    stream = cleaner.stream()
    out = b"".join(stream.write(page[at : at + size]) for at in range(0, len(page), size)) + stream.finish()
    return out, stream.report


@pytest.mark.parametrize("size", [1, 7, 4_096])
def test_any_chunks_give_the_same(page, size):
    cleaner = dechaff.Cleaner(categories=page.categories)
    assert in_chunks(page.source, size, cleaner) == cleaner.clean_with_report(page.source)


def test_what_is_decided_comes_out_at_once():
    stream = dechaff.Cleaner().stream()
    assert stream.write(b"<p>Rye</p><div class=sharedaddy>Sha") == b"<p>Rye</p>"
    assert stream.report is None
    assert stream.write(bytearray(b"re</div>")) == b""
    assert stream.write(memoryview(b"<p>is up.</p>")) == b"<p>is up.</p>"
    assert repr(stream) == "<dechaff.Stream, open>"
    assert stream.finish() == b""
    assert [cut.rule for cut in stream.report.cuts] == ["jetpack-sharing/sharedaddy"]
    assert repr(stream) == "<dechaff.Stream, ended>"


def test_what_is_held_back_comes_at_the_end():
    stream = dechaff.Cleaner().stream()
    out = stream.write(b"<p>Rye</p><div class=sharedaddy>Sha")
    assert out + stream.finish() in (b"<p>Rye</p>", b"<p>Rye</p><div class=sharedaddy>Sha")
    assert len(out) + len(b"<div class=sharedaddy>Sha") == stream.report.bytes_in


def test_a_page_that_has_ended_takes_no_more():
    stream = dechaff.Cleaner().stream()
    stream.finish()
    for use in (stream.finish, lambda: stream.write(b"x")):
        with pytest.raises(dechaff.StreamError, match="the page has ended"):
            use()
    assert stream.report is not None


@pytest.mark.parametrize(
    "chunks",
    [[b"<meta charset=hz-gb-2312>", b"<p>Rye</p>"], [b"<p>A</p><meta charset=hz-gb-2312>" + b"<p>Rye</p>" * 400]],
)
def test_an_error_loses_nothing(chunks):
    stream = dechaff.Cleaner().stream()
    out = given = b""
    with pytest.raises(dechaff.PageError) as caught:
        for chunk in chunks:
            given += chunk
            out += stream.write(chunk)
        out += stream.finish()
    assert out + caught.value.output == given
    for use in (stream.finish, lambda: stream.write(b"x")):
        with pytest.raises(dechaff.StreamError, match="after an error"):
            use()
    assert stream.report is None
    assert repr(stream) == "<dechaff.Stream, failed>"


def test_what_is_known_of_a_page_counts():
    stream = dechaff.Cleaner(filter_list={"list": "news.example##.promo"}).stream(url="news.example", encoding="latin1")
    assert stream.write(b"<p>caf\xe9</p><p class=promo>Mugs</p>") + stream.finish() == b"<p>caf\xe9</p>"
    assert stream.report.encoding == "windows-1252"
    with pytest.raises(dechaff.OptionError, match="unknown encoding 'ebcdic'"):
        dechaff.Cleaner().stream(encoding="ebcdic")


def test_threads_take_turns():
    stream = dechaff.Cleaner().stream()
    out = []

    def work():
        for _ in range(200):
            out.append(stream.write(b"<p>Rye is up.</p>"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.append(stream.finish())
    assert b"".join(out) == b"<p>Rye is up.</p>" * 1_600
