"""Elements counted for their window: Beam's own counters know none."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.window import BoundedWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.stream.parcels import wrap

_WINDOW = beam.DoFn.WindowParam


class CountElements(beam.PTransform[PCollection[Any], Any]):
    """(elements, parcels): the same elements, which are in windows, and how many there are, under a name for counts."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def expand(self, elements: PCollection[Any]) -> Any:  # Beam warns of any type here but a PCollection
        """A parcel for each bundle and window."""
        counted = elements | "Count" >> beam.ParDo(_Count(self._name)).with_outputs("parcels", main="elements")
        return counted.elements, counted.parcels


class _Count(beam.DoFn):
    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[BoundedWindow] = Counter()

    def start_bundle(self) -> None:
        self._counts.clear()

    def process(self, element: Any, window: Any = _WINDOW) -> Iterator[Any]:
        self._counts[window] += 1
        yield element

    def finish_bundle(self) -> Iterator[Any]:
        for window, count in self._counts.items():
            parcel = wrap("counts", {self._name: count})
            yield TaggedOutput("parcels", WindowedValue(parcel, window.max_timestamp(), (window,)))
