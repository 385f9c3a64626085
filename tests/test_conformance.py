"""The conformance check: how it reads what fixtures expect, and that its page and its list hold."""

from pathlib import Path

import pytest

from benchmarks.quality.conformance_page import conformance_page
from benchmarks.quality.feed_expectations import Expected, of_expression, of_structure, read_fixtures
from benchmarks.quality.feeds import FOLDER, check, read_reasons

PAGE = Path(__file__).parent.parent / "docs" / "conformance.md"

EXPRESSIONS: dict[str, tuple[str, list[Expected | None]]] = {
    "a field": ("not bozo and entries[0]['title'] == 'a'", [Expected(0, "title", "a")]),
    "an attribute": ("entries[1].link == u'a'", [Expected(1, "link", "a")]),
    "a detail": ("entries[0]['tags'][2]['term'] == 'a'", [Expected(0, "categories", "a")]),
    "a time": ("entries[0]['updated_parsed'] == (2004, 1, 1)", [Expected(0, "updated", (2004, 1, 1))]),
    "a sum": ("entries[0]['title'] == 'a' + 'b'", [Expected(0, "title", "ab")]),
    "nothing": ("not entries[0]['title']", [Expected(0, "title", None)]),
    "several": ("(entries[0].id == 'a') and feed.id == 'b'", [Expected(0, "guid", "a"), None]),
    "another field": ("entries[0]['enclosures'][0]['length'] == '1'", [None]),
    "another form": ("len(entries) == 2", [None]),
    "a call": ("entries[0]['title'] == print('a')", [None]),
    "no expression": ("", [None]),
}


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expressions_are_read(text: str, expected: list[Expected | None]) -> None:
    assert list(of_expression(text)) == expected


def test_structures_are_read() -> None:
    feed = {"title": "a", "items": [{}, {"title": "b", "categories": [{"value": "c"}], "enclosure": {"url": "d"}}]}
    expected = [Expected(1, "title", "b"), Expected(1, "categories", "c"), None, None]
    assert list(of_structure(feed)) == expected


@pytest.mark.skipif(not FOLDER.exists(), reason="the data beside the project is not at hand")
def test_all_suites_are_read_as_the_page_says() -> None:
    results, reasons = check(read_fixtures(FOLDER)), read_reasons()
    found = {name: text for result in results.values() for name, text in result.differences.items()}
    assert found.keys() - reasons.keys() == set(), found
    assert reasons.keys() - found.keys() == set()
    assert sum(result.invented for result in results.values()) == 0
    assert sum(result.checked.total() for result in results.values()) > 1_100
    assert conformance_page(results, reasons) == PAGE.read_text("utf-8")
