"""What a run did, for the person who started it."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.terminal import printable
from schemas.tables import ARTICLES, FEEDS, REJECTS, TABLES
from transforms.count_of import count_of, noun
from transforms.write.added import read_added

TOP = 8
_BAR = 30

_OUTCOMES = {
    "new_articles": ("new article", "new articles"),
    "new_versions": ("new version of a known article", "new versions of known articles"),
    "duplicates": ("copy of a known article, kept as a sighting", "copies of known articles, kept as sightings"),
    "repeats": ("read before", "read before"),
    "rejects": ("reject", "rejects"),
}


def summary_lines(output: str, manifest: dict[str, Any]) -> Iterator[str]:
    """The lines of a summary; control characters from the data are left out."""
    counts = manifest["counts"]
    yield f"Dateline {manifest['pipeline_version']}  run {manifest['run_id']}"
    if "windows" in manifest:
        yield f"The last {manifest['chunks']:,} of {manifest['windows']:,} windows:"
    yield ""
    yield from became_lines(counts)
    yield from _by_day(manifest)
    articles = read_added(output, manifest, ARTICLES, ["entities", "topics"])
    for title in ("Entities", "Topics"):
        yield from _tops(title, articles[title.lower()])
    yield from _rejects(output, manifest)
    if not any(counts.get(f"rows_{table.name}") for table in TABLES if table is not FEEDS):
        yield "Nothing new: the dataset is as it was."
    yield f"Dataset  {output}"
    yield "Try      " + example_query(output)


def example_query(output: str) -> str:
    """A command to paste."""
    articles = f"{output}/{ARTICLES.name}/**/*.parquet".replace("'", "''")
    query = f"SELECT date, publisher, title FROM '{articles}' ORDER BY published_at DESC LIMIT 10"
    return f"duckdb -c {shlex.quote(query)}" if "'" in output else f'duckdb -c "{query}"'


def became_lines(counts: Mapping[str, int]) -> Iterator[str]:
    """What became of what was read."""
    yield f"Read     {count_of(counts['reads'], 'entry')} from {count_of(counts.get('documents', 0), 'document')}"
    if skipped := counts.get("records_skipped"):
        yield f"{skipped:>9,}  {noun(skipped, 'capture')} without text in web archives, left out"
    for name, (one, several) in _OUTCOMES.items():
        yield f"{counts[name]:>9,}  {one if counts[name] == 1 else several}"
        if name == "repeats" and (held := counts.get("forgotten")):
            yield f"{'':>9}  {held:,} of them forgotten: held back"
    feeds = {name: counts.get(f"feeds_{name}", 0) for name in ("polled", "unchanged", "failed", "skipped", "gone")}
    if any(feeds.values()):
        said = {name: count for name, count in feeds.items() if count or name != "gone"}
        yield "Feeds    " + ", ".join(f"{count:,} {name}" for name, count in said.items())
    yield from _pages(counts)
    if kept := counts.get("raw_records"):
        yield f"Kept     {count_of(kept, 'fetched document')} in raw/"
    yield ""


def _pages(counts: Mapping[str, int]) -> Iterator[str]:
    pages = {name: counts.get(f"pages_{name}", 0) for name in ("fetched", "unavailable", "known")}
    if any(pages.values()):
        start = "pages_unavailable_"
        reasons = [f"{times:,} {name.removeprefix(start)}" for name, times in counts.items() if name.startswith(start)]
        why = f" ({', '.join(sorted(reasons))})" if reasons else ""
        yield "Pages    {fetched:,} fetched, {unavailable:,} unavailable{}, {known:,} asked for before".format(
            why, **pages
        )


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


def _tops(title: str, tags: pa.ChunkedArray) -> Iterator[str]:
    names = pc.struct_field(pc.list_flatten(tags), "name")
    counted = [(count["values"], count["counts"]) for count in pc.value_counts(names).to_pylist()]
    if counted:
        yield title
        for name, count in sorted(counted, key=lambda item: (-item[1], item[0]))[:TOP]:
            yield f"  {printable(name):<40} {count:>5,}"
        yield ""


def _rejects(output: str, manifest: dict[str, Any]) -> Iterator[str]:
    rows = read_added(output, manifest, REJECTS, ["reason", "source", "detail"])
    if rows.num_rows:
        yield "New rejects"
        for row in rows.slice(0, TOP).to_pylist():
            yield f"  {row['reason']:<18} {printable(row['source'])[-50:]}: {printable(row['detail'])[:100]}"
        if rows.num_rows > TOP:
            yield f"  and {rows.num_rows - TOP:,} more"
        yield ""
