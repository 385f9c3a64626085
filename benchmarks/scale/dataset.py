"""A dataset of any size in minutes: `python -m benchmarks.scale.dataset FOLDER [ARTICLES] [DAYS]`.

Invented articles are parsed, cleaned, given keys, written and committed by the project's own functions, 25,000 to a
commit and a commit a day. Only what costs much and changes nothing here is left out: no duplicates are looked for,
since there are none, and the tags are invented, too. At the end the dataset is compacted.
"""

import sys
import time

import numpy as np
import orjson
import pyarrow as pa

from benchmarks.plain_loop import stage
from benchmarks.scale.records import days_of, record
from benchmarks.scale.tags import add_tags
from pipelines.compact import compact_dataset
from schemas.keys import DATASET_TABLES
from schemas.records import Article, Document
from transforms.boilerplate.lines import gather_lines
from transforms.boilerplate.remove import pack_lines
from transforms.clean import CleanSettings, to_article
from transforms.compact import EVERYTHING
from transforms.deduplicate.file_rows import default_verdicts, file_rows, stored_lines
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.packing import pack
from transforms.deduplicate.settings import BATCH
from transforms.deduplicate.sketch import signed_facts
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.remembered import EXACT_ROWS, VERSION_ROWS, build_remembered
from transforms.parse import parse_document
from transforms.write.commit import commit
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.staging import begin

FIRST_READ_AT = 1_767_225_600_000_000  # 2026-01-01, after all articles
A_COMMIT = 25_000


def make_dataset(output: str, count: int, days: int) -> None:
    """A dataset of `count` articles over `days` days."""
    for number, first in enumerate(range(0, count, A_COMMIT)):
        with begin(output, f"r{number}", FIRST_READ_AT + number * DAY) as run:
            numbers = range(first, min(first + A_COMMIT, count))
            write_articles(run, read_articles(numbers, days, run.read_at))
            manifest = build_manifest(run, options={}, inputs=[], counts={}, timings={})
            commit(run, DATASET_TABLES, manifest, [merge_keys])
    compact_dataset(output, EVERYTHING, run.read_at)


def read_articles(numbers: range, days: int, read_at: int) -> list[Article]:
    """What ingesting the JSON lines of these articles reads."""
    lines = b"\n".join(orjson.dumps(record(number, days)) for number in numbers)
    entries = parse_document(Document("lines", lines, read_at, is_lines=True))
    return [to_article(entry, CleanSettings()) for entry in entries]


def write_articles(run: Run, articles: list[Article]) -> None:
    """Stages new articles that share nothing with others."""
    batches = [articles[at : at + BATCH] for at in range(0, len(articles), BATCH)]
    facts = [signed_facts(batch)[0] for batch in batches]
    table = pa.concat_tables(map(pack, batches, facts))
    lines = [pack_lines(*gather_lines(*of_batch)) for of_batch in zip(batches, facts, strict=True)]
    table = table.append_column("lines", pa.chunked_array(lines))
    verdicts = default_verdicts(np.concatenate(facts))
    nothing = build_remembered(np.zeros(0, EXACT_ROWS), np.zeros(0, VERSION_ROWS))
    filed = file_rows(table, verdicts, nothing, run.read_at, 3)
    rows = add_tags(filed.articles, run.read_at // DAY)
    stage(run, 0, filed, rows, stored_lines(table["lines"], verdicts))


if __name__ == "__main__":
    started, size = time.monotonic(), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    make_dataset(sys.argv[1], size, int(sys.argv[3]) if len(sys.argv) > 3 else days_of(size))
    print(f"{size:,} articles in {time.monotonic() - started:.0f} s")
