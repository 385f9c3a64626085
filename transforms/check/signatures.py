"""The signatures that a dataset remembers, made anew for the dates where they are not right."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from schemas.keys import PERMUTATIONS, SIGNATURES
from schemas.tables import ARTICLES
from transforms.check.examine import Examined, day_of
from transforms.check.remembered_keys import SIGNATURE_NAMES, expected_signatures, hash_rows, take_signatures
from transforms.check.rows import Ids, as_article, is_in, parse_ids, times
from transforms.deduplicate.keys import hash_key
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.texts.openings import gather_openings
from transforms.write.run import Run
from transforms.write.stored import read_stored
from transforms.write.write_table import write_file

_COLUMNS = [
    "article_id", "story_id", "published_at", "signature", "fingerprint", "source", "publisher", "description", "body",
]  # fmt: skip


def stage_signatures(found: Examined, run: Run) -> list[str]:
    """Stages the signatures of each such date; the files that they replace.

    Those that are right stay as they are. Others are made from the articles, whose texts lack boilerplate.
    """
    replaced = []
    for day in sorted(found.stale_days):
        stored = [path for path in found.paths.get(SIGNATURES.name, []) if day_of(path) == day]
        for part, rows in enumerate(_of_day(found, stored, day)):
            if rows.num_rows:
                write_file(SIGNATURES, (date_of(day), 0, part), rows, run)
        replaced += stored
    return replaced


def _of_day(found: Examined, stored: list[str], day: int) -> Iterator[pa.Table]:
    standing = found.standings[ARTICLES.name]
    expected = expected_signatures(standing)
    wanted = hash_rows(expected, SIGNATURE_NAMES)
    wanted_here = wanted[expected["folder"] == day]
    kept = [np.zeros(0, np.uint64)]
    for path in stored:
        rows = read_stored(f"{found.output}/{path}")
        taken = take_signatures(rows)
        taken["folder"] = day
        hashes = hash_rows(taken, SIGNATURE_NAMES)
        right = is_in(hashes, wanted_here)
        kept.append(hashes[right])
        yield rows.filter(right)
    yield from _missing(found, wanted, wanted_here[~is_in(wanted_here, np.concatenate(kept))])


def _missing(found: Examined, hashes: Ids, wanted: Ids) -> Iterator[pa.Table]:
    standing = found.standings[ARTICLES.name]
    has_signature = standing.rows[standing.keep & (standing.rows["signature"] != 0)]
    rows = has_signature[is_in(hashes, wanted)]
    for number in np.unique(rows["file"]).tolist():
        table = read_stored(f"{found.output}/{found.paths[ARTICLES.name][number]}", _COLUMNS)
        yield make_signatures(table.take(rows["row"][rows["file"] == number]))


def make_signatures(articles: pa.Table) -> pa.Table:
    """Rows of the table, from articles that have a signature."""
    texts = [as_article(row) for row in articles.select(["description", "body"]).to_pylist()]
    names = zip(articles["publisher"].to_pylist(), articles["source"].to_pylist(), strict=True)
    outlets = [hash_key("outlet", publisher or source) for publisher, source in names]
    words, openings = gather_openings(texts)
    columns = {
        "article": pa.array(parse_ids(articles["article_id"])),
        "story": pa.array(parse_ids(articles["story_id"])),
        "published": pa.array(times(articles["published_at"])),
        "signature": pa.FixedSizeListArray.from_arrays(articles["signature"].combine_chunks().flatten(), PERMUTATIONS),
        "fingerprint": articles["fingerprint"],
        "outlet": pa.array(outlets, pa.uint64()),
        "words": pa.array(words.tolist(), pa.list_(pa.uint16())),
        "openings": pa.array(openings.reshape(len(texts), -1).tolist(), pa.list_(pa.uint16())),
    }
    return pa.table(columns).select(SIGNATURES.schema.names)
