"""What goes wrong is an exception that says what, and what was wanted."""

from __future__ import annotations

import copy
import pickle

import pytest

import dechaff
from conftest import PROMO_RULES

REFUSED = b"<meta charset=iso-2022-kr><p>Rye</p>"
"""A page in an encoding that no browser reads."""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"categories": "cookies"}, "unknown category 'cookies'; there are: cookie-notice, "),
        ({"remove": "p:hover"}, "selector 'p:hover': ':hover' is not supported"),
        ({"keep": ["p", "::x"]}, "selector '::x': "),
        ({"rules": {"house": "vendor = 1"}}, "house: line 1: "),
        ({"rules": PROMO_RULES}, "rules is a text where a path is expected"),
        ({"filter_list": {"list": "<!doctype html>"}}, "list: it is HTML, and no filter list"),
    ],
    ids=str,
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(dechaff.OptionError) as caught:
        dechaff.Cleaner(**options)
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, (dechaff.Error, ValueError))


def test_messages_are_those_of_the_tool(tool, tmp_path):
    file = tmp_path / "house.toml"
    file.write_text("vendor = 'Ours'\nstrength = 'sure'\n")
    page = tmp_path / "refused.html"
    page.write_bytes(REFUSED)

    def told(*arguments, status=2):
        line = tool.run(*arguments, status=status).stderr.decode().splitlines()[0]
        return line.removeprefix("dechaff: ")

    with pytest.raises(dechaff.OptionError) as caught:
        dechaff.Cleaner(rules=file)
    assert str(caught.value) == told("--rules", file)
    with pytest.raises(dechaff.OptionError) as caught:
        dechaff.Cleaner(remove="a:has(b)")
    assert f"--remove: {caught.value}" == told("--remove", "a:has(b)")
    with pytest.raises(dechaff.OptionError) as caught:
        dechaff.clean(b"", encoding="ebcdic")
    assert f"--encoding: {caught.value}" == told("--encoding", "ebcdic")
    with pytest.raises(dechaff.PageError) as caught:
        dechaff.clean(REFUSED)
    assert f"{page}: {caught.value}" == told(page, status=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dechaff.clean(5), "html must be bytes or str, not int"),
        (lambda: dechaff.clean(None), "html must be bytes or str, not NoneType"),
        (lambda: dechaff.Cleaner(categories=5), "categories must be a name or several, not int"),
        (lambda: dechaff.Cleaner(keep=[b"p"]), "each of keep must be a str, not bytes"),
        (
            lambda: dechaff.Cleaner(rules=5),
            "rules must be a path, a mapping of names to texts, or several of these, not int",
        ),
        (lambda: dechaff.Cleaner(rules={"a": 5}), 'rules["a"] must be a str, not int'),
        (lambda: dechaff.Cleaner().stream().write("text"), "chunk must be bytes, not str"),
        (lambda: dechaff.Cleaner().clean(b"", url=5), "'int' object is not an instance of 'str'"),
    ],
    ids=str,
)
def test_a_wrong_type_says_what_is_wanted(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_a_file_that_is_not_there(tmp_path):
    missing = tmp_path / "missing.toml"
    with pytest.raises(FileNotFoundError) as caught:
        dechaff.Cleaner(rules=missing)
    assert caught.value.filename == str(missing) or caught.value.filename == missing


def test_a_file_that_is_not_utf8(tmp_path):
    file = tmp_path / "latin.toml"
    file.write_bytes(b"vendor = 'Ours'\n# caf\xe9\n")
    with pytest.raises(dechaff.OptionError, match="latin.toml: line 2: not UTF-8$"):
        dechaff.Cleaner(rules=file)


def test_a_page_in_an_encoding_that_no_browser_reads():
    with pytest.raises(dechaff.PageError, match="^in ISO-2022-KR, ISO-2022-CN or HZ, as its meta says"):
        dechaff.clean(REFUSED)
    # Text has no encoding.
    assert dechaff.clean(REFUSED.decode()) == REFUSED.decode()


def test_a_tag_that_is_too_large():
    page = b"<p>Rye</p><a href='" + b"x" * (65 << 20)
    with pytest.raises(dechaff.PageError, match="^the page can't be read any further at byte 10: a tag has more than"):
        dechaff.clean(page)


def test_exceptions_can_be_sent_to_other_processes():
    with pytest.raises(dechaff.PageError) as caught:
        dechaff.clean(REFUSED)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is dechaff.PageError and str(again) == str(caught.value)
    again = pickle.loads(pickle.dumps(dechaff.PageError("why", b"output")))
    assert again.output == b"output"


def test_a_cleaner_can_be_sent_to_where_its_files_are_not(tmp_path):
    house, filters = tmp_path / "house.toml", tmp_path / "list.txt"
    house.write_text(PROMO_RULES)
    filters.write_text("##.ad\n")
    cleaner = dechaff.Cleaner(
        categories=["cookie-notice"], rules=[house], filter_list=filters, keep=".kept", remove=["i", "u"]
    )
    pickled = pickle.dumps(cleaner)
    house.unlink()
    filters.unlink()
    page = "<p class=promo>A</p><p class=ad>B</p><i class=kept>C</i><i>D</i><u>E</u><b id=onetrust-consent-sdk>F</b>G"
    for again in (
        pickle.loads(pickled),
        copy.copy(cleaner),
        copy.deepcopy(cleaner),
        pickle.loads(pickle.dumps(pickle.loads(pickled))),
    ):
        assert again.clean_with_report(page) == cleaner.clean_with_report(page)
        assert again.clean(page) == "<i class=kept>C</i>G"
    assert repr(cleaner) == (
        f"Cleaner(categories=['cookie-notice'], keep=['.kept'], remove=['i', 'u'], "
        f"rules=[{str(house)!r}], filter_list=[{str(filters)!r}])"
    )
