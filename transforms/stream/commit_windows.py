"""The parcels of a stream, gathered window by window and committed."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import BoundedWindow
from apache_beam.utils.windowed_value import PaneInfoTiming, WindowedValue

from transforms.ledger import OUTCOMES
from transforms.stream.commit_window import commit_window
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.status import Committed

_WINDOW, _PANE = beam.DoFn.WindowParam, beam.DoFn.PaneInfoParam


class CommitWindows(beam.PTransform[PCollection[Parcel], PCollection[str]]):
    """Commits the parcels of each fixed window when it has ended; gives the ids of the runs.

    A window without any is silent.
    """

    def __init__(self, settings: StreamSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, parcels: PCollection[Parcel]) -> PCollection[str]:
        """All in one place: what a window is judged by is one dataset, and that changes under one lock."""
        run_ids: PCollection[str] = (
            parcels
            | "ToOnePlace" >> beam.Map(_to_one_place)
            | "Group" >> beam.GroupByKey()
            | "Commit" >> beam.ParDo(CommitGroups(self._settings)).with_output_types(str)
        )
        return run_ids


def heartbeat(tick: int) -> Parcel:
    """A parcel of nothing: with one for each tick, every window has its status written."""
    return wrap("counts", {})


def _to_one_place(parcel: Parcel) -> tuple[int, Parcel]:
    return 0, parcel


class CommitGroups(beam.DoFn):
    """The windows of a bundle, committed in their order: Prism gives several that have ended in any."""

    def __init__(self, settings: StreamSettings) -> None:
        self._settings = settings

    def start_bundle(self) -> None:
        """Nothing waits yet."""
        self._waiting: list[tuple[BoundedWindow, bool, list[Parcel]]] = []

    def process(self, group: tuple[int, Iterable[Parcel]], window: Any = _WINDOW, pane: Any = _PANE) -> None:
        """Let a window wait for those before it."""
        self._waiting.append((window, pane.timing == PaneInfoTiming.LATE, list(group[1])))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """The ids of the runs, in their windows."""
        for window, is_late, parcels in sorted(self._waiting, key=lambda waiting: waiting[0].end):
            committed = commit_window(self._settings, int(window.end), parcels, is_late)
            _count(committed)
            if committed.run_id:
                yield WindowedValue(committed.run_id, window.max_timestamp(), (window,))


def _count(committed: Committed) -> None:
    """Into Beam's counters, for the runner to show; what is read is counted where it is."""
    counts = {name: number for name, number in committed.counts.items() if name in OUTCOMES or name.startswith("rows_")}
    for start, numbers in (("", counts), ("duplicates_", committed.duplicates), ("rejects_", committed.rejects)):
        for name, number in numbers.items():
            Metrics.counter("dateline", start + name).inc(number)
    Metrics.counter("dateline", "windows").inc(bool(committed.run_id))
    Metrics.distribution("dateline", "lag_ms").update(int(committed.lag_s * 1000))
