"""The arguments that jobs on clusters have in common."""

from __future__ import annotations

import pyarrow as pa
import pytest

from conftest import PROMO_RULES
from dechaff import jobs


def test_arguments_make_a_cleaner(tmp_path):
    (tmp_path / "house.toml").write_text(PROMO_RULES)
    arguments = ["--html", "page", "--url", "address", "--rules", str(tmp_path / "house.toml")]
    arguments += ["--category", "cookie-notice", "--category", "share-widget", "--keep", ".kept", "--remove", "u"]
    given = jobs.parser("A job.").parse_args([*arguments, "one", "two", "out"])
    assert (given.inputs, given.output, given.fail_fast) == (["one", "two"], "out", False)
    page = "<p class=promo>A</p><u class=kept>B</u><u>C</u><div class=sharedaddy>D</div><div class=newsletter-form>E</div>F"
    cleaned = jobs.batch_cleaner(given)(pa.record_batch({"page": [page], "address": ["a.example"]}))
    assert cleaned.column("page").to_pylist() == ["<u class=kept>B</u><div class=newsletter-form>E</div>F"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--category", "cookies"], "unknown category 'cookies'; there are: "),
        (["--remove", "p:hover"], "selector 'p:hover': ':hover' is not supported"),
        (["--encoding", "klingon"], "unknown encoding 'klingon'"),
        (["--rules", "missing.toml"], "[Errno 2] No such file or directory: 'missing.toml'"),
    ],
    ids=str,
)
def test_arguments_that_make_no_sense_end_the_program(arguments, message):
    with pytest.raises(SystemExit) as caught:
        jobs.batch_cleaner(jobs.parser("A job.").parse_args([*arguments, "in", "out"]))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("column", "message"),
    [("n", "the column 'n' must be binary or "), ("page", "there is no column 'page' among: html, n")],
)
def test_columns_of_another_type_end_the_program(column, message):
    cleaner = jobs.batch_cleaner(jobs.parser("A job.").parse_args(["--html", column, "in", "out"]))
    schema = pa.schema([("html", pa.string()), ("n", pa.int64())])
    with pytest.raises(SystemExit) as caught:
        jobs.check(cleaner, schema)
    assert str(caught.value).startswith(message)


def test_archives_are_named_by_patterns(tmp_path):
    for name in ("b.warc", "a.warc", "c.txt"):
        (tmp_path / name).touch()
    paths = jobs.archives([str(tmp_path / "*.warc"), str(tmp_path / "a.warc"), "missing.warc"])
    assert paths == sorted([str(tmp_path / "a.warc"), str(tmp_path / "b.warc"), "missing.warc"])
