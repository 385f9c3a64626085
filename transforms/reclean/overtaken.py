"""Captures that a later text of their article has overtaken: runs without `--keep_raw` have changed it since."""

from collections.abc import Iterator

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection
from numpy.typing import NDArray

from schemas.records import Article
from transforms.deduplicate.keys import gather_facts
from transforms.deduplicate.settings import BATCH
from transforms.deduplicate.stored.lookup import look_up
from transforms.deduplicate.stored.remembered import EXACT_ROWS, KeyFiles, Remembered, build_remembered, remember
from transforms.reclean.raw import Commits


class DropOvertaken(beam.PTransform[PCollection[Article], PCollection[Article]]):
    """Leave out articles whose stored text is from a later reading than their capture; they are repeats.

    What `reclean` made of a capture is no later reading.
    """

    def __init__(self, keys: KeyFiles, near_days: int, commits: Commits) -> None:
        super().__init__()
        self._drop = _Drop(keys, near_days, commits)

    def expand(self, articles: PCollection[Article]) -> PCollection[Article]:
        """In batches, for keys are looked up many at a time."""
        batches = articles | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH)
        kept: PCollection[Article] = batches | "Drop" >> beam.ParDo(self._drop)
        return kept


class _Drop(beam.DoFn):
    def __init__(self, keys: KeyFiles, near_days: int, commits: Commits) -> None:
        self._keys = keys
        self._near_days = near_days
        self._commits = commits
        self._repeats = Metrics.counter("dateline", "repeats")

    def setup(self) -> None:
        self._remembered = remember(self._keys)
        self._read = without_commits(self._remembered, self._commits.recleaned)

    def process(self, articles: list[Article]) -> Iterator[Article]:
        hits = look_up(gather_facts(articles), self._remembered, self._near_days)
        changed = self._read.current(hits.article)["ingested_at"]
        captured = np.array([self._commits.by_clock.get(article.read_at, article.read_at) for article in articles])
        is_overtaken: NDArray[np.bool_] = changed > captured
        self._repeats.inc(int(np.count_nonzero(is_overtaken)))
        yield from (article for article, is_late in zip(articles, is_overtaken, strict=True) if not is_late)


def without_commits(remembered: Remembered, commits: frozenset[int]) -> Remembered:
    """The remembered versions alone, without those of some commits (by their ingested_at)."""
    versions = remembered.versions.all()
    of_them = np.isin(versions["ingested_at"], list(commits))
    return build_remembered(np.zeros(0, EXACT_ROWS), versions[~of_them])
