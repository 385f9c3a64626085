"""The feeds' states as one group of rows, for the feeds table."""

from collections.abc import Iterable

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import FeedState
from transforms.fetch.feed_states import states_table
from transforms.write.write_table import Group


class GatherStates(beam.PTransform[PCollection[FeedState], PCollection[Group]]):
    """One ((date, shard, part), rows) of all states; a poll's states are few beside its articles."""

    def expand(self, states: PCollection[FeedState]) -> PCollection[Group]:
        """Group under one key."""
        grouped = states | "Key" >> beam.Map(_to_one_place) | "Group" >> beam.GroupByKey()
        rows: PCollection[Group] = grouped | "Table" >> beam.Map(_rows)
        return rows


def _to_one_place(state: FeedState) -> tuple[int, FeedState]:
    return 0, state


def _rows(group: tuple[int, Iterable[FeedState]]) -> Group:
    return ("", "0", 0), states_table(group[1])
