"""Runs of the second half of the pipeline over articles that a test makes: deduplicate, write, commit."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.dataset as ds

from pipelines.command import main
from pipelines.counts import count_all
from schemas.columns import ENTITY, PLACE, TOPIC
from schemas.keys import DATASET_TABLES
from schemas.records import Article
from schemas.tables import ARTICLES, PARTITIONING
from tests.make import READ_AT
from transforms.deduplicate import Deduplicate, DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.settle_window import settle
from transforms.deduplicate.sketch import sketch
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.overlap import refuse_overlap
from transforms.deduplicate.stored.remembered import KeyFiles, list_key_files
from transforms.write.commit import commit
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.staging import begin
from transforms.write.write_table import WriteTable, write_group

Write = Callable[..., dict[str, int]]


def untagged(group: tuple[Any, pa.Table]) -> tuple[Any, pa.Table]:
    """The rows with nothing found in them."""
    key, rows = group
    for name, kind in (("entities", ENTITY), ("places", PLACE), ("topics", TOPIC)):
        rows = rows.append_column(name, pa.array([[]] * rows.num_rows, pa.list_(kind)))
    return key, rows


def write_articles(run: Run, keys: KeyFiles, articles: list[Article], **settings: Any) -> dict[str, int]:
    """Stage what the articles make; the counters."""
    pipeline = beam.Pipeline(runner="FnApiRunner", argv=[])
    source = pipeline | beam.Create(articles).with_output_types(Article)
    keep = settings.pop("keep_boilerplate", False)
    rows = source | Deduplicate(DeduplicateSettings(keys, DuplicateSettings(**settings), READ_AT, 2, keep))
    rows["articles"] = rows["articles"] | beam.Map(untagged)
    for table in DATASET_TABLES:
        if table.name in rows:
            rows[table.name] | f"Write {table.name}" >> WriteTable(table, run)
    result = pipeline.run()
    result.wait_until_finish()
    return count_all(result)


def settle_articles(run: Run, keys: KeyFiles, articles: list[Article], **settings: Any) -> dict[str, int]:
    """As `write_articles`, without Beam, from small tables."""
    tables = {table.name: table for table in DATASET_TABLES}
    sketches = [sketch(articles[at : at + 7]) for at in range(0, len(articles), 7)]
    keep, counts = settings.pop("keep_boilerplate", False), Counter[str]()
    asked = DeduplicateSettings(keys, DuplicateSettings(**settings), READ_AT, keep_boilerplate=keep)
    for name, group in settle(lambda: iter(sketches), asked, counts):
        list(write_group(untagged(group) if name == ARTICLES.name else group, tables[name], run))
    return counts


@contextmanager
def started(
    output: str, run_id: str, articles: list[Article], write: Write = write_articles, **settings: Any
) -> Iterator[Any]:
    """A run with everything staged; call what is given to commit it."""
    with begin(output, run_id, READ_AT) as run:
        keys = list_key_files(output)
        counts = write(run, keys, articles, **settings)
        manifest = build_manifest(run, options={}, inputs=[], counts=counts, timings={})
        not_overtaken = partial(
            refuse_overlap, listed=keys, near_days=settings.get("near_days", DuplicateSettings.near_days)
        )
        yield lambda: commit(run, DATASET_TABLES, manifest, [not_overtaken, merge_keys, merge_joins])


def ingest_articles(
    output: str, run_id: str, articles: list[Article], write: Write = write_articles, **settings: Any
) -> dict[str, Any]:
    """One whole run; its manifest."""
    with started(output, run_id, articles, write, **settings) as finish:
        return finish()  # type: ignore[no-any-return]


def exit_code(arguments: list[str]) -> int:
    """That of the command, also where its parser refuses them."""
    try:
        return main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def rows_of(output: str, table: str, without: tuple[str, ...] = ("run_id", "ingested_at")) -> list[dict[str, Any]]:
    """The rows of a stored table, in an order of their own; none of a table that has no files."""
    if not Path(output, table).exists():
        return []
    rows = ds.dataset(f"{output}/{table}", format="parquet", partitioning=PARTITIONING).to_table().to_pylist()
    return sorted(({k: v for k, v in row.items() if k not in without} for row in rows), key=repr)
