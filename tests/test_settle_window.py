"""What becomes of a window is what becomes of a batch of the same articles, row by row."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from schemas.columns import ENTITY, PLACE, TOPIC
from schemas.keys import EXACT, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.records import Article
from tests.histories import FOOTER, random_windows
from tests.make import READ_AT, article, micros, story
from tests.runs import ingest_articles, rows_of, settle_articles
from transforms.deduplicate import DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.settle_window import settle
from transforms.deduplicate.sketch import sketch
from transforms.deduplicate.stored import seen
from transforms.deduplicate.stored.remembered import list_key_files
from transforms.ledger import OUTCOMES

TABLES = ("articles", "sightings", "story_joins", EXACT.name, VERSIONS.name, SIGNATURES.name, LINES.name)


def news(number: int, **given: Any) -> Article:
    """An article of a feed of its own."""
    name = f"feed-{number}"
    fields = {"url": f"https://{name}.example/a", "source": name, "publisher": name, "body": story(number, 120)}
    return article(**fields | {"published_at": micros("2025-03-20") + number} | given)


def outcomes_of(manifest: dict[str, Any]) -> Counter[str]:
    """How many articles had which outcome."""
    return Counter({name: manifest["counts"].get(name, 0) for name in OUTCOMES})


def assert_as_batch(folder: Path, windows: list[list[Article]], **settings: Any) -> None:
    """Commits the windows, and the same as batches, and compares all rows."""
    for number, window in enumerate(windows):
        batch = ingest_articles(str(folder / "batch"), f"w{number}", window, **settings)
        stream = ingest_articles(str(folder / "stream"), f"w{number}", window, settle_articles, **settings)
        assert outcomes_of(stream) == outcomes_of(batch)
        assert outcomes_of(stream).total() == len(window)
    for table in TABLES:
        assert told(folder / "stream", table) == told(folder / "batch", table), table


def told(output: Path, table: str) -> list[str]:
    """The rows of a table; a key that two shards remember is one."""
    rows = [repr(row) for row in rows_of(str(output), table)]
    return sorted(set(rows)) if table == EXACT.name else rows


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few bodies at a time that a window of a test has several chunks."""
    monkeypatch.setattr("transforms.deduplicate.settle_window.FILE_ROWS", 10)


@pytest.mark.parametrize(("seed", "count"), [(1, 2), pytest.param(2, 4, marks=pytest.mark.slow)])
def test_random_windows(seed: int, count: int, tmp_path: Path) -> None:
    assert_as_batch(tmp_path, random_windows(seed, count))


FIRST, SECOND = news(1), news(2)
REVISED = replace(FIRST, body=story(31, 120), read_at=READ_AT + 1)
COPY = replace(FIRST, url="https://copy.example/a", source="copy", publisher="copy")
NEAR = replace(COPY, body=f"{FIRST.body} once more")
SUMMARY = replace(COPY, body="", description=" ".join(FIRST.body.split()[:40]), content_kind="summary")

# Windows, and the outcomes in the last of them.
CASES: dict[str, tuple[list[list[Article]], dict[str, int]]] = {
    "nothing": ([[]], {}),
    "new ones": ([[FIRST, SECOND]], {"new_articles": 2}),
    "copies in one window": ([[COPY, FIRST]], {"new_articles": 1, "duplicates": 1}),
    "the same entry twice": ([[FIRST, FIRST]], {"new_articles": 1, "repeats": 1}),
    "a near-duplicate in one window": ([[FIRST, NEAR]], {"new_articles": 1, "duplicates": 1}),
    "a near-duplicate of a stored one": ([[FIRST], [NEAR]], {"duplicates": 1}),
    "an excerpt of a stored one": ([[FIRST], [SUMMARY]], {"duplicates": 1}),
    "all repeats": ([[FIRST, SECOND], [SECOND, FIRST]], {"repeats": 2}),
    "versions in one window": ([[FIRST, REVISED]], {"new_articles": 1, "new_versions": 1}),
    "a version of a stored one": ([[FIRST], [REVISED]], {"new_versions": 1}),
    "a return": ([[FIRST], [REVISED], [replace(FIRST, read_at=READ_AT + 2, updated_at=READ_AT)]], {"repeats": 1}),
    "a template": ([[news(n, body=f"{story(9, 200)} {n}") for n in range(60)]], {"new_articles": 1, "duplicates": 59}),
}


@pytest.mark.parametrize(("windows", "expected"), CASES.values(), ids=CASES.keys())
def test_outcomes(windows: list[list[Article]], expected: dict[str, int], tmp_path: Path) -> None:
    manifests = [ingest_articles(str(tmp_path), f"w{n}", window, settle_articles) for n, window in enumerate(windows)]
    assert outcomes_of(manifests[-1]) == Counter(expected)


@pytest.mark.slow
def test_all_of_them_in_turn(tmp_path: Path) -> None:
    assert_as_batch(tmp_path, [[entry for windows, _ in CASES.values() for entry in windows[0]], [REVISED, NEAR]])


def settled(output: Path, tables: list[pa.Table]) -> dict[str, dict[str, Any]]:
    """The rows of articles by URL that a first window makes of tables."""
    settings = DeduplicateSettings(list_key_files(str(output)), DuplicateSettings(), READ_AT)
    groups = [group for name, group in settle(lambda: iter(tables), settings, Counter()) if name == "articles"]
    return {row["url"]: row for _, rows in groups for row in rows.to_pylist()}


def tagged(table: pa.Table) -> pa.Table:
    """The table with a topic for each row, and a flag that tagging sets."""
    topics: dict[str, Any] = {"id": "15000000", "name": "sport", "score": 1.0}
    for name, kind, found in (("entities", ENTITY, []), ("places", PLACE, []), ("topics", TOPIC, [topics])):
        table = table.append_column(name, pa.array([found] * table.num_rows, pa.list_(kind)))
    flags = pa.array([["gazetteer_entities", "undated"]] * table.num_rows, table.schema.field("quality_flags").type)
    return table.set_column(table.column_names.index("quality_flags"), "quality_flags", flags)


def test_tags_go_through_unless_the_text_has_changed(tmp_path: Path) -> None:
    footed = [news(n, source="a", feed_url="a", title=f"T{n}", body=f"{story(n)}\n\n{FOOTER}") for n in range(20, 26)]
    rows = settled(tmp_path, [tagged(sketch([FIRST, *footed])), sketch([SECOND])])
    kept, untagged, changed = rows[FIRST.url], rows[SECOND.url], rows[footed[0].url]
    assert kept["topics"][0]["name"] == "sport"
    assert kept["quality_flags"] == ["gazetteer_entities", "undated"]
    assert (untagged["topics"], untagged["entities"]) == (None, None)
    assert (changed["topics"], changed["entities"], changed["places"]) == (None, None, None)
    assert changed["quality_flags"] == ["boilerplate_removed", "undated"]


def test_without_tags_there_are_no_columns_for_them(tmp_path: Path) -> None:
    assert not {"entities", "places", "topics"} & settled(tmp_path, [sketch([FIRST])])[FIRST.url].keys()


def test_what_was_seen_is_known_once_it_is_committed(tmp_path: Path) -> None:
    output, table = str(tmp_path), sketch([FIRST, SECOND, COPY])
    assert seen.find_seen(table, output, 3).tolist() == [False] * 3
    ingest_articles(output, "one", [FIRST], settle_articles)
    seen._list.cache_clear()
    assert seen.find_seen(table, output, 3).tolist() == [True, False, False]


def test_an_early_look_is_at_what_was_there_some_seconds_ago(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, table = str(tmp_path), sketch([FIRST])
    for later, expected in ((0, False), (seen._LOOK_S - 1, False), (seen._LOOK_S, True)):
        monkeypatch.setattr(seen, "monotonic", lambda later=later: 1_000.0 + later)
        assert seen.find_seen(table, output, 3).tolist() == [expected]
        if not later:
            ingest_articles(output, "one", [FIRST], settle_articles)
