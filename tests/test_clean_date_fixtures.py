"""Every date of the feed fixtures: what they expect, or none."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from benchmarks.quality.dates import FIXTURES, find_dates, our_second, their_second

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the feed fixtures are not here")

# Not read on purpose: a month or a year alone is no date, and 03-12-31 has two digits too few to be one.
NO_DATE = {"2003", "2003-12", "-0312", "-03-12", "03335", "031231", "03-12-31"}


def expected_dates() -> Iterator[tuple[str, str]]:
    """The dates of feedparser's own test, and the instants that it expects."""
    tree = ast.parse((FIXTURES / "feedparser" / "test_date_parsers.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Tuple)
            and isinstance(node.elts[0], ast.Name)
            and isinstance(node.elts[1], ast.Constant)
        ):
            parts = ast.literal_eval(node.elts[2])
            yield str(node.elts[1].value), datetime(*parts[:6]).isoformat() if parts else ""


def test_what_feedparser_expects_is_read() -> None:
    expected = dict(expected_dates())
    assert len(expected) > 50
    assert {raw: our_second(raw) for raw in expected} == expected | dict.fromkeys(NO_DATE, "")


def test_no_fixture_has_an_invented_date() -> None:
    """Where feedparser reads another instant we read the same day: a zone of one letter is none (RFC 2822, 4.3)."""
    read = {raw: second for raw in find_dates(FIXTURES) if (second := our_second(raw))}
    assert len(read) > 400
    for raw, ours in read.items():
        theirs = their_second(raw)
        if ours != theirs:
            assert theirs[:10] in (ours[:10], ""), raw
            assert {int(ours[:4]), int(ours[8:10])} <= set(map(int, re.findall(r"\d+", raw))), raw
