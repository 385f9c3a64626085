"""What came in a window, as staged rows of every table: judged, tagged, counted."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from schemas.cursors import CURSORS
from schemas.keys import DATASET_TABLES
from schemas.records import Reject
from schemas.tables import ARTICLES, FEEDS, SIGHTINGS
from transforms.deduplicate.settings import DeduplicateSettings
from transforms.deduplicate.settle_window import settle
from transforms.deduplicate.stored.remembered import KeyFiles, remember
from transforms.fetch.feed_states import states_table
from transforms.ledger import OUTCOMES
from transforms.rejects import RejectSettings, file_rejects
from transforms.stream.packs import packs_at_hand, read_pack
from transforms.stream.parcels import Contents
from transforms.stream.settings import StreamSettings
from transforms.tag.tagger import tag_rest
from transforms.write.cursors_table import cursors_table
from transforms.write.run import Run
from transforms.write.write_table import Group, write_file

_TABLES = {table.name: table for table in DATASET_TABLES}
_NO_COPIES = ("original", "reverted")


class Tally(NamedTuple):
    """`counts` as in manifests, duplicates by relation, rejects by reason."""

    counts: Counter[str]
    duplicates: Counter[str]
    rejects: Counter[str]


def file_window(contents: Contents, keys: KeyFiles, run: Run, settings: StreamSettings) -> Tally:
    """Stages all rows that a window makes, a file for each table and day; what was counted.

    Raises:
        FileNotFoundError: a pack is gone.
        DatasetError: a pack, or a file of keys, cannot be read.
    """
    tally = Tally(Counter(dict.fromkeys(("documents", "reads", *OUTCOMES), 0)), Counter(), Counter())
    for counts in contents.counts:
        tally.counts.update(counts)
    for name, (key, rows) in _groups(contents, keys, run, settings, tally):
        if rows.num_rows:
            write_file(_TABLES[name], key, rows, run)
            tally.counts[f"rows_{name}"] += rows.num_rows
    return tally


def _groups(
    contents: Contents, keys: KeyFiles, run: Run, settings: StreamSettings, tally: Tally
) -> Iterator[tuple[str, Group]]:
    deduplicate = DeduplicateSettings(
        keys, settings.duplicates, run.read_at, keep_boilerplate=settings.keep_boilerplate
    )
    with packs_at_hand(run.output, contents.articles) as paths:
        for name, (key, rows) in settle(partial(map, read_pack, paths), deduplicate, tally.counts):
            if name == ARTICLES.name:
                rows = tag_rest(rows, settings.entities)
            if name == SIGHTINGS.name:
                relations = rows["relation"].to_pylist()
                tally.duplicates.update(relation for relation in relations if relation not in _NO_COPIES)
            yield name, (key, rows)
    with packs_at_hand(run.output, contents.rejects) as paths:
        yield from file_rejects(_read_rejects(paths, tally), 0, RejectSettings(keys, run.read_at))
    forgotten = remember(keys).forgotten
    states = [state for state in contents.states if not forgotten.has_source(state.url)]
    yield FEEDS.name, (("", 0, 0), states_table(states))
    yield CURSORS.name, (("", 0, 0), cursors_table(contents.cursors))


def _read_rejects(paths: list[str], tally: Tally) -> Iterator[Reject]:
    for rows in map(read_pack, paths):
        tally.counts["rejects"] += rows.num_rows
        tally.rejects.update(rows["reason"].to_pylist())
        yield from (Reject(**row) for row in rows.to_pylist())
