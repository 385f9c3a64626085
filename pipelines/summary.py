"""What a run did, for the person who started it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from schemas.tables import ARTICLES, REJECTS
from transforms.write.stored import read_stored

TOP = 8
_BAR = 30


def print_summary(output: str, manifest: dict[str, Any]) -> None:
    """Print what was read, what became of it, and where it is."""
    print("\n".join(summary_lines(output, manifest)))


def summary_lines(output: str, manifest: dict[str, Any]) -> Iterator[str]:
    """The lines of a summary; control characters from the data are left out."""
    counts = manifest["counts"]
    yield f"Dateline {manifest['pipeline_version']}  run {manifest['run_id']}"
    yield ""
    yield from _what_became(counts)
    articles = _rows(output, manifest, ARTICLES.name, ["entities", "topics"])
    yield from _by_day(manifest)
    yield from _tops("Entities", Counter(e["name"] for row in articles["entities"] for e in row))
    yield from _tops("Topics", Counter(t["name"] for row in articles["topics"] for t in row))
    yield from _rejects(output, manifest)
    if not any(counts[name] for name in ("new_articles", "new_versions", "duplicates")):
        yield "Nothing new: the dataset is as it was."
    yield f"Dataset  {output}"
    yield "Try      " + example_query(output)


def example_query(output: str) -> str:
    """A command to paste."""
    articles = f"{output}/{ARTICLES.name}/**/*.parquet"
    query = f"SELECT date, publisher, title FROM '{articles}' ORDER BY published_at DESC LIMIT 10"
    return f'duckdb -c "{query}"'


def _what_became(counts: dict[str, int]) -> Iterator[str]:
    yield f"Read     {counts['reads']:,} entries from {counts.get('documents', 0):,} documents"
    names = {
        "new_articles": "new articles",
        "new_versions": "new versions of known articles",
        "duplicates": "copies of known articles, kept as sightings",
        "repeats": "read before",
        "rejects": "rejects",
    }
    for name, label in names.items():
        yield f"{counts[name]:>9,}  {label}"
    failed = counts.get("feeds_failed", 0)
    if "feeds_polled" in counts:
        polled, unchanged = counts["feeds_polled"], counts.get("feeds_unchanged", 0)
        yield f"Feeds    {polled:,} polled, {unchanged:,} unchanged, {failed:,} failed"
    yield ""


def _rows(output: str, manifest: dict[str, Any], table: str, columns: list[str]) -> dict[str, list[Any]]:
    files = manifest["tables"].get(table, {"files": []})["files"]
    tables = [read_stored(f"{output}/{file['path']}", columns) for file in files]
    return pa.concat_tables(tables).to_pydict() if tables else {column: [] for column in columns}


def _by_day(manifest: dict[str, Any]) -> Iterator[str]:
    days: Counter[str] = Counter()
    for file in manifest["tables"].get(ARTICLES.name, {"files": []})["files"]:
        days[file["path"].split("date=")[1].split("/")[0]] += file["rows"]
    if days:
        yield "Rows by day"
        widest = max(days.values())
        for day, rows in sorted(days.items())[-TOP * 2 :]:
            yield f"  {day}  {rows:>7,}  {'#' * max(1, rows * _BAR // widest)}"
        yield ""


def _tops(title: str, counter: Counter[str]) -> Iterator[str]:
    if counter:
        yield title
        for name, count in sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:TOP]:
            yield f"  {printable(name):<40} {count:>5,}"
        yield ""


def _rejects(output: str, manifest: dict[str, Any]) -> Iterator[str]:
    rows = _rows(output, manifest, REJECTS.name, ["reason", "source", "detail"])
    if rows["reason"]:
        yield "New rejects"
        for reason, source, detail in list(_zipped(rows))[:TOP]:
            yield f"  {reason:<18} {printable(source)[-50:]}: {printable(detail)[:100]}"
        if len(rows["reason"]) > TOP:
            yield f"  and {len(rows['reason']) - TOP:,} more"
        yield ""


def _zipped(rows: dict[str, list[Any]]) -> Iterable[tuple[Any, ...]]:
    return zip(*rows.values(), strict=True)


def printable(text: str) -> str:
    """The text without anything that a terminal might obey."""
    return "".join(character if character.isprintable() else " " for character in text)
