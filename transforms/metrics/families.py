"""Families of metrics with a label for their dataset: on one machine several may be told of."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from transforms.write import files

Values = float | Mapping[str, float]  # one, or one for each value of another label


@dataclass(frozen=True)
class Families(Collector):
    """Families that are made anew each time they are asked for."""

    make: Callable[[], Iterable[Metric]]

    def collect(self) -> Iterable[Metric]:
        """The families."""
        return self.make()


class Dataset:
    """Makes families for a dataset, which is named by its folder."""

    def __init__(self, output: str) -> None:
        path = os.path.abspath(output) if files.is_local(output) else output
        self.name = os.fsencode(path).decode(errors="replace")

    def gauge(self, name: str, meaning: str, values: Values, label: str = "") -> Metric:
        """Values that go up and down; `label` tells them apart."""
        return self._fill(GaugeMetricFamily(f"dateline_{name}", meaning, labels=_labels(label)), values)

    def counter(self, name: str, meaning: str, values: Values, label: str = "") -> Metric:
        """Values that only go up; `_total` comes at the end of the name."""
        return self._fill(CounterMetricFamily(f"dateline_{name}", meaning, labels=_labels(label)), values)

    def _fill(self, family: GaugeMetricFamily | CounterMetricFamily, values: Values) -> Metric:
        if isinstance(values, Mapping):
            for each, value in values.items():
                family.add_metric([self.name, each], value)
        else:
            family.add_metric([self.name], values)
        return family


def pick(counts: Mapping[str, float], names: Iterable[str], start: str = "") -> dict[str, float]:
    """The counts of these names, which begin with `start` among all counts; 0 for those that are not there."""
    return {name: counts.get(start + name, 0) for name in names}


def _labels(label: str) -> list[str]:
    return ["dataset", label] if label else ["dataset"]
