"""Deduplicate: articles in; rows for the tables, and what to remember, out.

One idea: occurrences that share a key are candidates, candidates are judged, the earliest wins. Stored
articles take part as candidates that have won already. Keys, facts and verdicts travel as packed arrays, one
for each batch and partition; bodies are shuffled once, to where they are written.
"""

from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.records import Article
from schemas.tables import ARTICLES, STORY_JOINS
from transforms.boilerplate.weigh import weigh_lines
from transforms.deduplicate.pairing import pair, paired_uids, pick_involved, to_one_place
from transforms.deduplicate.settings import BATCH, LONG_TEXT, DeduplicateSettings
from transforms.deduplicate.settle import OUTPUTS, File, Resolve
from transforms.deduplicate.sketch import FindStored, Sketch
from transforms.write.write_table import Group

Groups = dict[str, PCollection[Group]]  # by table name


class Deduplicate(beam.PTransform[PCollection[Article], Groups]):
    """PCollections of rows by table name, for `articles`, `sightings`, remembered keys and lines."""

    def __init__(self, settings: DeduplicateSettings) -> None:
        super().__init__()
        self.settings = settings

    def expand(self, articles: PCollection[Article]) -> Any:  # Beam warns of any type here but a PCollection
        """Sketch, find candidates, judge them, and put the verdicts, and the lines that recur, to the bodies."""
        settings, keys = self.settings, self.settings.keys
        sketches = (
            articles
            | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH, element_size_fn=count_for)
            | "Sketch" >> beam.ParDo(Sketch(settings)).with_outputs(*_SKETCHED, main="bodies")
        )
        stored = (
            sketches.sought
            | "GroupSought" >> beam.GroupByKey()
            | "FindStored" >> beam.ParDo(FindStored(settings)).with_outputs("facts", main="near")
        )
        exact_pairs = sketches.exact | "GroupExact" >> beam.GroupByKey() | "PairExact" >> beam.FlatMap(pair, exact=True)
        near = (sketches.near, stored.near) | "AllBands" >> beam.Flatten()
        near_pairs = near | "GroupBands" >> beam.GroupByKey() | "PairNear" >> beam.FlatMap(pair, exact=False)
        pairs = (exact_pairs, near_pairs) | "AllPairs" >> beam.Flatten()
        facts = (sketches.facts, stored.facts) | "AllFacts" >> beam.Flatten()
        wanted = pairs | "WhoIsPaired" >> beam.FlatMap(paired_uids)
        involved = (
            {"facts": facts, "wanted": wanted, "shingles": sketches.shingles}
            | "GroupFacts" >> beam.CoGroupByKey()
            | "PickInvolved" >> beam.FlatMap(pick_involved).with_outputs("shingles", main="facts")
        )
        in_one_place = pairs | "ToOnePlace" >> beam.Map(to_one_place)
        resolved = (
            {"facts": involved.facts, "shingles": involved.shingles, "pairs": in_one_place}
            | "GroupInvolved" >> beam.CoGroupByKey()
            | "Resolve" >> beam.ParDo(Resolve(settings)).with_outputs("joins", main="verdicts")
        )
        weigh = beam.FlatMap(weigh_lines, keys.output, keys.lines, keys.staging, settings.shards)
        recurring = sketches.lines | "GroupLines" >> beam.GroupByKey() | "WeighLines" >> weigh
        filed = (
            {"bodies": sketches.bodies, "verdicts": resolved.verdicts, "recurring": recurring}
            | "GroupBodies" >> beam.CoGroupByKey()
            | "File" >> beam.ParDo(File(settings)).with_outputs(*OUTPUTS.values(), main=ARTICLES.name)
        )
        rows = {name: filed[tag] for name, tag in OUTPUTS.items()}
        return rows | {ARTICLES.name: filed[ARTICLES.name], STORY_JOINS.name: resolved.joins}


def count_for(article: Article) -> int:
    """What an article counts for in a batch: one, and more for a long text, so that a batch fits in memory."""
    return 1 + len(article.body) // LONG_TEXT


_SKETCHED = ("exact", "near", "facts", "shingles", "sought", "lines")
