"""The feeds' states as one group of rows, for the feeds table."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import FeedState
from transforms.fetch.feed_states import states_table
from transforms.write.write_table import Group


class GatherStates(beam.PTransform[dict[str, PCollection[Any]], PCollection[Group]]):
    """One ((date, shard, part), rows) of all states; a poll's states are few beside its articles.

    Takes `states` (FeedState) and, where full texts were wanted, `missed`: the URLs of feeds with pages that must
    be asked for again.
    """

    def expand(self, found: dict[str, PCollection[Any]]) -> PCollection[Group]:
        """Group under one key."""
        keyed = {name: each | f"Key {name}" >> beam.Map(_to_one_place) for name, each in found.items()}
        rows: PCollection[Group] = keyed | "Group" >> beam.CoGroupByKey() | "Table" >> beam.Map(_rows)
        return rows


def _to_one_place(found: FeedState | str) -> tuple[int, FeedState | str]:
    return 0, found


def _rows(group: tuple[int, dict[str, Iterable[Any]]]) -> Group:
    missed = set(group[1].get("missed", ()))
    states: Iterable[FeedState] = group[1]["states"]
    return ("", "0", 0), states_table(replace(s, full_text=False) if s.url in missed else s for s in states)
