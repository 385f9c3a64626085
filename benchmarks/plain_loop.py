"""The same functions as the pipeline, in a plain loop on one core: what the work itself costs."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import DATASET_TABLES, EXACT, SIGNATURES, VERSIONS
from schemas.lines import LINES
from schemas.records import Article
from schemas.tables import ARTICLES, SIGHTINGS, Table
from transforms.boilerplate.lines import gather_lines
from transforms.boilerplate.recurring import find_recurring
from transforms.boilerplate.remove import index_recurring, pack_lines, remove_boilerplate
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate import DuplicateSettings
from transforms.deduplicate.candidates import exact_keys, find_pairs, near_keys
from transforms.deduplicate.file_rows import Filed, file_rows, match_verdicts, stored_lines
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.packing import pack
from transforms.deduplicate.settings import BATCH, FILE_ROWS, date_of
from transforms.deduplicate.sketch import signed_facts
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.remembered import list_key_files, remember
from transforms.deduplicate.verdicts.resolve import resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS
from transforms.parse import parse_document
from transforms.read_documents import DEFAULT_LIMITS, match_ranges
from transforms.read_files import read_range
from transforms.tag.tagger import load_tagger, tag_table
from transforms.write.commit import commit
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.staging import begin
from transforms.write.write_table import write_file

Rows = NDArray[np.void]


def ingest_plainly(pattern: str, output: str, read_at: int) -> None:
    """Read, parse, clean, deduplicate, tag, write and commit, without Beam."""
    with begin(output, Path(output).name, read_at) as run:
        articles = _read(pattern, read_at)
        batches = [articles[start : start + BATCH] for start in range(0, len(articles), BATCH)]
        facts = [signed_facts(batch)[0] for batch in batches]
        table = pa.concat_tables(pack(batch, rows) for batch, rows in zip(batches, facts, strict=True))
        table = _without_boilerplate(table, [gather_lines(*pair) for pair in zip(batches, facts, strict=True)])
        _write(run, table, np.concatenate(facts))
        manifest = build_manifest(run, options={}, inputs=[], counts={}, timings={})
        commit(run, DATASET_TABLES, manifest, [merge_keys])


def _read(pattern: str, read_at: int) -> list[Article]:
    settings = CleanSettings()
    documents = (d for r in match_ranges([pattern], DEFAULT_LIMITS) for d in read_range(r, read_at, DEFAULT_LIMITS))
    return [to_article(entry, settings) for document in documents for entry in parse_document(document)]


def _without_boilerplate(table: pa.Table, lines: list[tuple[Rows, list[int]]]) -> pa.Table:
    table = table.append_column("lines", pa.chunked_array([pack_lines(*batch) for batch in lines]))
    found = index_recurring(find_recurring(np.concatenate([rows for rows, _ in lines])))
    return remove_boilerplate(table, found, np.ones(table.num_rows, np.bool_))[0]


def _write(run: Run, table: pa.Table, facts: Rows) -> None:
    remembered = remember(list_key_files(run.output))
    pairs = np.concatenate([find_pairs(exact_keys(facts), True), find_pairs(near_keys(facts), False)])
    paired = np.isin(facts["uid"], np.concatenate([pairs["left"], pairs["right"]]))
    judged = resolve(facts[paired], pairs, remembered, DuplicateSettings(), {}, NO_JOINS).verdicts
    verdicts = match_verdicts(facts, judged, set())
    for part, start in enumerate(range(0, len(facts), FILE_ROWS)):
        rows = slice(start, start + FILE_ROWS)
        filed = file_rows(table.slice(start, FILE_ROWS), verdicts[rows], remembered, run.read_at, 3)
        lines = stored_lines(table["lines"].slice(start, FILE_ROWS), verdicts[rows])
        stage(run, part, filed, tag_table(filed.articles, load_tagger()), lines)


def stage(run: Run, part: int, filed: Filed, articles: pa.Table, lines: pa.Table) -> None:
    """Stages what was filed, with its articles as they were tagged."""
    _write_days(run, ARTICLES, part, articles, filed.article_days)
    _write_days(run, SIGNATURES, part, filed.signatures, filed.signature_days)
    write_file(SIGHTINGS, (date_of(run.read_at // DAY), "0", part), filed.sightings, run)
    for undated, rows in ((EXACT, filed.exact), (VERSIONS, filed.versions), (LINES, lines)):
        write_file(undated, ("", "0", part), rows, run)


def _write_days(run: Run, table: Table, part: int, rows: pa.Table, days: Any) -> None:
    for day in np.unique(days).tolist():
        write_file(table, (date_of(day), "0", part), rows.filter(days == day), run)
