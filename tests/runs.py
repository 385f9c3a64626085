"""Runs of the second half of the pipeline over articles that a test makes: deduplicate, write, commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.dataset as ds

from pipelines.counts import count_all
from schemas.columns import ENTITY, PLACE, TOPIC
from schemas.keys import DATASET_TABLES
from schemas.records import Article
from schemas.tables import PARTITIONING
from tests.make import READ_AT
from transforms.deduplicate import Deduplicate, DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.overlap import refuse_overlap
from transforms.deduplicate.stored.remembered import KeyFiles, list_key_files
from transforms.write.commit import commit
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.staging import begin
from transforms.write.write_table import WriteTable


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


@contextmanager
def started(output: str, run_id: str, articles: list[Article], **settings: Any) -> Iterator[Any]:
    """A run with everything staged; call what is given to commit it."""
    with begin(output, run_id, READ_AT) as run:
        keys = list_key_files(output)
        counts = write_articles(run, keys, articles, **settings)
        manifest = build_manifest(run, options={}, inputs=[], counts=counts, timings={})
        not_overtaken = partial(
            refuse_overlap, listed=keys, near_days=settings.get("near_days", DuplicateSettings.near_days)
        )
        yield lambda: commit(run, DATASET_TABLES, manifest, [not_overtaken, merge_keys, merge_joins])


def ingest_articles(output: str, run_id: str, articles: list[Article], **settings: Any) -> dict[str, Any]:
    """One whole run; its manifest."""
    with started(output, run_id, articles, **settings) as finish:
        return finish()  # type: ignore[no-any-return]


def rows_of(output: str, table: str, without: tuple[str, ...] = ("run_id", "ingested_at")) -> list[dict[str, Any]]:
    """The rows of a stored table, in an order of their own; none of a table that has no files."""
    if not Path(output, table).exists():
        return []
    rows = ds.dataset(f"{output}/{table}", format="parquet", partitioning=PARTITIONING).to_table().to_pylist()
    return sorted(({k: v for k, v in row.items() if k not in without} for row in rows), key=repr)
