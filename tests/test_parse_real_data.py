"""Feeds, pages and a text that nobody here wrote; skipped where they are not at hand."""

import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest

from schemas.errors import BadRecord
from schemas.records import Entry
from tests.parsing import parse, parse_one

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FEEDS = DATA / "feeds_real"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data beside the project is not at hand")


def read(path: Path) -> list[Entry]:
    return parse(path.read_bytes(), source=path.name)


def test_the_sample_article() -> None:
    text = (DATA / "article_us_russia_talks.txt").read_text(encoding="utf-8")
    entry = parse_one(text)
    assert entry.title == text.partition("\n")[0]
    assert entry.description.count("\n") == 2
    assert entry.description.startswith("US-Russia talks possible Sunday")
    assert [len(paragraph) for paragraph in entry.body.split("\n\n")] == [3806, 2705, 2627]
    assert entry.credit == "US-Russia talks could happen on Sunday or early next week: Kremlin"
    assert entry.published_raw == ""


def test_captured_feeds() -> None:
    feeds = {path.name: read(path) for path in sorted(FEEDS.glob("captured_2026-02-18/*"))}
    entries = [entry for feed in feeds.values() for entry in feed]
    assert (len(feeds), len(entries)) == (35, 1457)
    assert all(feeds.values())
    assert not [entry for entry in entries if entry.failure]
    assert not [entry for entry in entries if not entry.link.startswith("http")]
    assert all(entry.published_raw for entry in entries)


def test_every_feed_with_expected_entries() -> None:
    """The expected entries are another parser's; it too leaves out what a cut-off feed ends in."""
    for path in FEEDS.glob("integration_with_expected/*.xml"):
        expected = json.loads(path.with_suffix(".json").read_text())["entries"]
        found = [entry for entry in read(path) if not entry.failure]
        links = [entry["link"] for entry in expected[: len(found)]]
        assert [entry.link for entry in found] == links, path.name
        assert len(expected) - len(found) in (0, 1), path.name


def test_conformance_suites_raise_nothing_else() -> None:
    """Thousands of feeds, many of them invalid on purpose: each is read, or refused by name."""
    read_well = 0
    for path in DATA.glob("feeds_conformance/**/*.xml"):
        with suppress(BadRecord):
            read(path)
            read_well += 1
    assert read_well > 4200


def test_every_page_has_a_title_and_a_text() -> None:
    for path in sorted(DATA.glob("extraction/aeb_dev_half/html/*.gz"))[:20]:
        entry = parse_one(gzip.decompress(path.read_bytes()))
        assert entry.title, path.name
        assert entry.body, path.name
