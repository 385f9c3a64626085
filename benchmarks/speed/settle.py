"""What a window of a stream costs where it is committed: `python -m benchmarks.speed.settle [ARTICLES]`.

Windows of articles of 2 KB, 2,048 to a table: new to an empty dataset, then other ones new to what that one holds, then
these again. `sketch` is done by all workers, before; to settle and to commit is the part that one process does. On one
core, processor time. Nothing is tagged.
"""

import os
import sys
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from time import process_time

import pyarrow as pa

from benchmarks.articles import write_articles
from schemas.columns import ENTITY, PLACE, TOPIC
from schemas.keys import DATASET_TABLES
from schemas.records import Article
from schemas.tables import ARTICLES
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate import DeduplicateSettings, DuplicateSettings
from transforms.deduplicate.settings import BATCH
from transforms.deduplicate.settle_window import settle
from transforms.deduplicate.sketch import sketch
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.remembered import list_key_files
from transforms.parse import parse_document
from transforms.read_documents import DEFAULT_LIMITS, match_ranges
from transforms.read_files import read_range
from transforms.write.commit import commit
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.staging import begin
from transforms.write.write_table import Group, write_file

READ_AT = 1_742_644_800_000_000
TABLES = {table.name: table for table in DATASET_TABLES}
TAGS = (("entities", ENTITY), ("places", PLACE), ("topics", TOPIC))


def main(count: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"{'us an article':<22}{'sketch':>8}{'settle':>8}{'write':>8}{'commit':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, first) in enumerate((("new, empty dataset", 0), ("new", count), ("repeats", count))):
            articles = read_articles(folder, 2 * count)[first : first + count]
            costs = run_window(f"{folder}/out", f"w{number}", articles)
            print(f"{name:<22}" + "".join(f"{seconds / count * 1e6:8.1f}" for seconds in costs))


def read_articles(folder: str, count: int) -> list[Article]:
    """Articles as they come from Clean."""
    lines = Path(folder, f"{count}.jsonl")
    if not lines.exists():
        write_articles(lines, count)
    found = (d for r in match_ranges([str(lines)], DEFAULT_LIMITS) for d in read_range(r, READ_AT, DEFAULT_LIMITS))
    return [to_article(entry, CleanSettings()) for document in found for entry in parse_document(document)]


def run_window(output: str, run_id: str, articles: list[Article]) -> list[float]:
    """Processor seconds of the steps."""
    times = [process_time()]
    tables = [sketch(articles[at : at + BATCH]) for at in range(0, len(articles), BATCH)]
    times.append(process_time())
    with begin(output, run_id, READ_AT) as run:
        settings = DeduplicateSettings(list_key_files(output), DuplicateSettings(), READ_AT)
        groups = list(settle(lambda: iter(tables), settings, Counter()))
        times.append(process_time())
        for name, group in groups:
            _write(name, group, run)
        times.append(process_time())
        manifest = build_manifest(run, options={}, inputs=[], counts={}, timings={})
        commit(run, DATASET_TABLES, manifest, [merge_keys, merge_joins])
        times.append(process_time())
    return [end - start for start, end in pairwise(times)]


def _write(name: str, group: Group, run: Run) -> None:
    key, rows = group
    if name == ARTICLES.name:
        for tag, kind in TAGS:
            rows = rows.append_column(tag, pa.nulls(len(rows), pa.list_(kind)).fill_null([]))
    if rows.num_rows:
        write_file(TABLES[name], key, rows, run)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
