"""Deduplication without a pipeline: the functions that the transform places, run after run, in memory."""

from typing import Any

import numpy as np
import pyarrow as pa

from schemas.keys import FACTS
from schemas.records import Article
from tests.make import READ_AT
from transforms.deduplicate.candidates import exact_keys, find_pairs, near_keys
from transforms.deduplicate.file_rows import Filed, file_rows, match_verdicts
from transforms.deduplicate.packing import pack
from transforms.deduplicate.settings import DuplicateSettings
from transforms.deduplicate.sketch import signed_facts
from transforms.deduplicate.stored.lookup import find_repeats, look_up
from transforms.deduplicate.stored.remembered import EXACT_ROWS, VERSION_ROWS, Remembered, build_remembered
from transforms.deduplicate.stored.signature_files import stored_uids
from transforms.deduplicate.verdicts.resolve import resolve
from transforms.deduplicate.verdicts.stories import NO_JOINS
from transforms.write.sorted_rows import to_rows

OUTCOMES = ("new", "version", "duplicate", "repeat", "reverted")


class Store:
    """Runs over what earlier runs left, in memory: the functions that the transform places, and nothing else."""

    def __init__(self, **settings: Any) -> None:
        self.settings = DuplicateSettings(**settings)
        self.remembered: Remembered = build_remembered(np.zeros(0, EXACT_ROWS), np.zeros(0, VERSION_ROWS))
        self.stored = np.zeros(0, FACTS)
        self.joins = NO_JOINS
        self.clock = READ_AT

    def run(self, articles: list[Article]) -> tuple[list[str], Filed]:
        """The outcome of each article, in the order given, and the rows filed."""
        facts, shingles = signed_facts(articles)
        hits = look_up(facts, self.remembered, self.settings.near_days)
        repeats = find_repeats(facts, hits, self.remembered)
        fresh = facts[~repeats]
        nodes = np.concatenate([fresh, self.stored])
        pairs = np.concatenate([find_pairs(exact_keys(fresh), True), find_pairs(near_keys(nodes), False)])
        at_hand = dict(zip(facts["uid"].tolist(), shingles, strict=True))
        judged, joins = resolve(nodes, pairs, self.remembered, self.settings, at_hand, self.joins)
        self.joins = np.concatenate([self.joins, joins])
        verdicts = match_verdicts(fresh, judged, set())
        kept = [a for a, repeat in zip(articles, repeats, strict=True) if not repeat]
        filed = file_rows(pack(kept, fresh), verdicts, self.remembered, READ_AT, self.settings.near_days)
        self._remember(filed, fresh, verdicts)
        outcomes = iter(OUTCOMES[o] for o in filed.outcomes)
        return ["repeat" if repeat else next(outcomes) for repeat in repeats], filed

    def _remember(self, filed: Filed, fresh: Any, verdicts: Any) -> None:
        self.clock += 1
        times = pa.array([self.clock] * filed.versions.num_rows, pa.int64())
        versions = to_rows(filed.versions.append_column("ingested_at", times), VERSION_ROWS)
        self.remembered = build_remembered(
            np.concatenate([self.remembered.exact.all(), to_rows(filed.exact, EXACT_ROWS)]),
            np.concatenate([self.remembered.versions.all(), versions]),
        )
        stored = fresh[(verdicts["outcome"] <= 1) & fresh["comparable"]].copy()
        kept = verdicts[(verdicts["outcome"] <= 1) & fresh["comparable"]]
        stored["article"] = kept["article"]
        stored["uid"] = stored_uids(stored)
        stored["story"], stored["day"], stored["stored"] = kept["story"], kept["day"], True
        self.stored = np.concatenate([self.stored, stored])
