"""What it takes a stream to remember a dataset: `python -m benchmarks.scale.warm [ARTICLES]`.

The keys, versions, lines and signatures of articles of seven days, which are random numbers, are committed 25,000 to a
run. A process that starts reads all of them; then after each of some commits of 1,000 more it does so again. Bytes are
those of the tables on disk, and of what is mapped into memory. On one core, processor time.
"""

import os
import sys
import tempfile
from time import process_time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import DATASET_TABLES, ENTRY_KEYS, EXACT, FACTS, SIGNATURES, VERSIONS
from schemas.lines import LINE_ROWS, LINES
from transforms.boilerplate.window import lines_table, remember_lines
from transforms.deduplicate.file_rows import default_verdicts, file_rows
from transforms.deduplicate.packing import pack_facts
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.merge_keys import merge_keys
from transforms.deduplicate.stored.remembered import (
    EXACT_ROWS,
    VERSION_ROWS,
    build_remembered,
    list_key_files,
    remember,
)
from transforms.deduplicate.stored.signature_files import map_signatures
from transforms.write.commit import commit
from transforms.write.files import find_sizes
from transforms.write.manifests import build_manifest
from transforms.write.run import Run
from transforms.write.sorted_rows import SortedRows
from transforms.write.staging import begin
from transforms.write.stored import list_files
from transforms.write.write_table import write_file

READ_AT = 1_767_225_600_000_000
A_COMMIT, ADDED, COMMITS = 25_000, 1_000, 20
DAYS = range(20_000, 20_007)
SOURCES, LINES_EACH = 2_000, 8
NOTHING = build_remembered(np.zeros(0, EXACT_ROWS), np.zeros(0, VERSION_ROWS))
CHOOSER = np.random.default_rng(1)


def main(count: int) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as output:
        for number, first in enumerate(range(0, count, A_COMMIT)):
            _add(output, f"r{number}", min(A_COMMIT, count - first))
        seconds, rows = _remember(output)
        print(f"{count:,} articles: {seconds:.1f} s from nothing")
        times = []
        for number in range(COMMITS):
            _add(output, f"later{number}", ADDED)
            seconds, rows = _remember(output)
            times.append(f"{seconds * 1e3:.0f}")
        print(f"after commits of {ADDED:,} more: {' '.join(times)} ms")
        _report_sizes(output, rows, count + COMMITS * ADDED)


def _remember(output: str) -> tuple[float, dict[str, list[SortedRows]]]:
    """Seconds, and what was read of each table."""
    start, listed = process_time(), list_key_files(output)
    found = remember(listed)
    rows = {EXACT.name: [found.exact], VERSIONS.name: [found.versions]}
    rows[LINES.name] = [remember_lines(output, listed.lines)]
    folders = [f"{SIGNATURES.name}/date={date_of(day)}" for day in DAYS]
    rows[SIGNATURES.name] = [map_signatures(folder, list_files(output, folder)) for folder in folders]
    return process_time() - start, rows


def _report_sizes(output: str, rows: dict[str, list[SortedRows]], count: int) -> None:
    print(f"{'bytes an article':<18}{'on disk':>10}{'mapped':>10}")
    for name, parts in rows.items():
        columns = [column for part in parts for segment in part.segments for column in segment.columns.values()]
        sizes = sum(find_sizes(f"{output}/{name}").values()), sum(column.nbytes for column in columns)
        print(f"{name:<18}" + "".join(f"{size / count:10.1f}" for size in sizes))


def _add(output: str, run_id: str, count: int) -> None:
    with begin(output, run_id, READ_AT) as run:
        _stage(run, _make_facts(count))
        commit(run, DATASET_TABLES, build_manifest(run, options={}, inputs=[], counts={}, timings={}), [merge_keys])


def _stage(run: Run, facts: NDArray[np.void]) -> None:
    packed = pa.table({"facts": pack_facts(facts)})
    filed = file_rows(packed, default_verdicts(facts), NOTHING, READ_AT, 3)
    for table, rows in ((EXACT, filed.exact), (VERSIONS, filed.versions), (LINES, lines_table(_make_lines(facts)))):
        write_file(table, ("", 0, 0), rows, run)
    for day in DAYS:
        write_file(SIGNATURES, (date_of(day), 0, 0), filed.signatures.filter(filed.signature_days == day), run)


def _make_facts(count: int) -> NDArray[np.void]:
    facts = np.zeros(count, FACTS)
    for name in ("article", "content", "story", "outlet", *ENTRY_KEYS):
        facts[name] = CHOOSER.integers(1, 1 << 63, count, np.uint64)
    for name in ("signature", "fingerprint", "openings", "words"):
        facts[name] = CHOOSER.integers(0, 1 << 16, facts[name].shape, np.uint16)
    facts["source"] = CHOOSER.integers(1, SOURCES, count)
    facts["day"] = CHOOSER.integers(DAYS.start, DAYS.stop, count)
    facts["published"], facts["comparable"] = facts["day"].astype(np.int64) * 86_400_000_000, True
    return facts


def _make_lines(facts: NDArray[np.void]) -> NDArray[np.void]:
    lines = np.zeros(len(facts) * LINES_EACH, LINE_ROWS)
    for name, column in (("origin", "source"), ("article", "article"), ("day", "day")):
        lines[name] = np.repeat(facts[column], LINES_EACH)
    lines["line"] = CHOOSER.integers(1, 1 << 63, len(lines), np.uint64)
    lines["place"] = np.tile(np.arange(LINES_EACH), len(facts))
    return lines


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
