"""All of Deduplicate for the articles of one window, in one process: the functions that the transform places."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import FACTS, KEYS, SOUGHT
from schemas.lines import LINE_ROWS
from schemas.tables import STORY_JOINS
from transforms.boilerplate.remove import unpack_lines
from transforms.boilerplate.weigh import weigh_rows
from transforms.deduplicate.candidates import exact_keys, find_pairs, near_keys
from transforms.deduplicate.file_bodies import file_bodies
from transforms.deduplicate.packing import in_chunks, unpack_facts
from transforms.deduplicate.pairing import is_involved, uids_of
from transforms.deduplicate.settings import FILE_ROWS, DeduplicateSettings
from transforms.deduplicate.settle import judge
from transforms.deduplicate.stored.lookup import find_known
from transforms.deduplicate.stored.remembered import remember
from transforms.deduplicate.stored.stored_signatures import find_remembered, seek
from transforms.deduplicate.texts.shingles import smallest
from transforms.deduplicate.texts.signatures import join_text, shingle_texts
from transforms.deduplicate.verdicts.stories import joins_table
from transforms.write.write_table import Group

Rows = NDArray[np.void]
Read = Callable[[], Iterator[pa.Table]]

_SHARD = "0"


def settle(read: Read, settings: DeduplicateSettings, counts: Counter[str]) -> Iterator[tuple[str, Group]]:
    """Rows by the name of their table, equal to those that Deduplicate makes of the same articles.

    `read` gives the window's articles as `sketch` packs them, some thousand at a time, in the same order each time it
    is called. Columns of tags go through to the rows of articles; they are null where boilerplate was removed. To
    `counts` is added what became of the articles.
    """
    facts, lines, fresh = _read_facts(read, settings, counts)
    counts["repeats"] += sum(int(np.count_nonzero(~rows)) for rows in fresh)
    facts, pairs = _pair(facts, settings)
    shingles = _shingle(_bodies(read, fresh), uids_of(pairs))
    resolved = judge(facts, pairs, shingles, settings)
    yield STORY_JOINS.name, (("", _SHARD, 0), joins_table(resolved.joins, settings.read_at))
    recurring = weigh_rows(lines, settings.keys.output, settings.keys.lines, settings.keys.staging)
    yield from file_bodies(_bodies(read, fresh), resolved.verdicts, recurring, settings, _SHARD, counts.update)


def _read_facts(
    read: Read, settings: DeduplicateSettings, counts: Counter[str]
) -> tuple[Rows, Rows, list[NDArray[np.bool_]]]:
    """FACTS and LINE_ROWS of all articles but repeats, and which of each table these are."""
    remembered, near_days = remember(settings.keys), settings.duplicates.near_days
    facts, lines, fresh = [np.zeros(0, FACTS)], [np.zeros(0, LINE_ROWS)], []
    for table in in_chunks(read(), FILE_ROWS):
        rows = unpack_facts(table)
        found = find_known(rows, remembered, near_days)
        counts["forgotten"] += int(np.count_nonzero(found.forgotten))
        rows = rows[~found.repeats]
        rows["known"] = found.known[~found.repeats]
        facts.append(rows)
        lines.append(unpack_lines(table["lines"].filter(~found.repeats))[0])
        fresh.append(~found.repeats)
    return np.concatenate(facts), np.concatenate(lines), fresh


def _bodies(read: Read, fresh: list[NDArray[np.bool_]]) -> Iterator[pa.Table]:
    for table, rows in zip(in_chunks(read(), FILE_ROWS), fresh, strict=True):
        if rows.any():
            yield table if rows.all() else table.filter(rows)


def _pair(facts: Rows, settings: DeduplicateSettings) -> tuple[Rows, Rows]:
    """The FACTS that are to be judged, stored ones among them, and their PAIRS."""
    stored, stored_keys = _find_stored(facts, settings)
    near = np.concatenate([near_keys(facts), stored_keys])
    pairs = np.concatenate([find_pairs(exact_keys(facts), exact=True), find_pairs(near, exact=False)])
    wanted = uids_of(pairs)
    return np.concatenate([rows[is_involved(rows, wanted)] for rows in (facts, stored)]), pairs


def _find_stored(facts: Rows, settings: DeduplicateSettings) -> tuple[Rows, Rows]:
    """FACTS of the stored articles that may be like these, and the KEYS that they share."""
    near_days = settings.duplicates.near_days
    blocks = seek(facts, near_days) if settings.keys.versions else {}
    found = [
        find_remembered(settings.keys, block, np.frombuffer(rows, SOUGHT), near_days) for block, rows in blocks.items()
    ]
    stored, keys = zip((np.zeros(0, FACTS), np.zeros(0, KEYS)), *found, strict=True)
    return np.concatenate(stored), np.concatenate(keys)


def _shingle(tables: Iterator[pa.Table], wanted: Rows) -> dict[int, NDArray[np.uint32]]:
    """The hashes of the texts whose likeness may be in question, by uid."""
    uids, found = np.unique(wanted["uid"][wanted["near"]]), dict[int, NDArray[np.uint32]]()
    for table in tables if len(uids) else ():
        facts = unpack_facts(table)
        rows = facts["comparable"] & np.isin(facts["uid"], uids)
        texts = [table[name].filter(rows).to_pylist() for name in ("title", "description", "body")]
        hashes = shingle_texts(list(map(join_text, *texts)))
        found.update(zip(facts["uid"][rows].tolist(), map(smallest, hashes), strict=True))
    return found
