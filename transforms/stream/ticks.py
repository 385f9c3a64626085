"""The clock of a stream: an element every so often, at which all sources are polled."""

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.runners.sdf_utils import RestrictionTrackerView
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

_FOREVER = 2**60
# Flink's runner cuts a pause to whole seconds, and what is left of one second by then to none.
_MARGIN_S = 0.1


class Ticks(beam.PTransform[PBegin, PCollection[int]]):
    """The time in whole seconds, every `tick_s` of them, from now on without end; it is its own timestamp.

    After a restore the ticks go on with the timestamps that they would have had, so windows are the same.
    Beam's PeriodicImpulse pauses for parts of a second. Flink's runner takes these for no pause at all, resumes it
    over and over, and lets no watermark pass meanwhile but at checkpoints.
    """

    def __init__(self, tick_s: int) -> None:
        super().__init__()
        self._tick_s = tick_s

    def expand(self, root: PBegin) -> PCollection[int]:
        """`root` is the pipeline."""
        first = root | "First" >> beam.Create([int(time.time()) // self._tick_s], reshuffle=False)
        ticks: PCollection[int] = first | "Tick" >> beam.ParDo(_Tick(self._tick_s)).with_output_types(int)
        return ticks


class _Numbers(RestrictionProvider):
    """The numbers of ticks, counted from the epoch."""

    def initial_restriction(self, first: int) -> OffsetRange:
        return OffsetRange(first, _FOREVER)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, first: int, restriction: OffsetRange) -> int:
        return 1

    def truncate(self, first: int, restriction: OffsetRange) -> None:
        """Of a pipeline that is drained nothing is left to tick."""


_NUMBERS: Any = beam.DoFn.RestrictionParam(_Numbers())
_WATERMARK: Any = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider())


class _Tick(beam.DoFn):
    def __init__(self, tick_s: int) -> None:
        self._tick_s = tick_s

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]
    def process(
        self,
        first: int,
        numbers: RestrictionTrackerView = _NUMBERS,
        watermark: ManualWatermarkEstimator = _WATERMARK,
    ) -> Iterator[TimestampedValue[int]]:
        number = numbers.current_restriction().start
        while (at := number * self._tick_s) <= time.time():
            if not numbers.try_claim(number):
                return
            watermark.set_watermark(Timestamp(at))
            yield TimestampedValue(at, at)
            number += 1
        numbers.defer_remainder(Duration(max(1.0, at - time.time()) + _MARGIN_S))
