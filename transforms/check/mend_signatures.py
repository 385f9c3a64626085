"""The signatures that a dataset remembers, made anew for the dates where they are not right."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from schemas.keys import PERMUTATIONS, SIGNATURES
from schemas.tables import ARTICLES
from transforms.check.compare_keys import SIGNATURE_NAMES, hash_rows, take_signatures
from transforms.check.examined import Examined
from transforms.check.expected_keys import derive_signatures
from transforms.check.read_all import day_of
from transforms.check.rows import Rows, as_article, is_in, parse_ids, times
from transforms.deduplicate.keys import name_key
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
    derived = derive_signatures(found.standings[ARTICLES.name])
    stored = defaultdict(list)
    for path in found.paths.get(SIGNATURES.name, []):
        stored[day_of(path)].append(path)
    for day in sorted(found.stale_days):
        for part, rows in enumerate(_of_day(found, stored[day], derived[derived["folder"] == day])):
            if rows.num_rows:
                write_file(SIGNATURES, (date_of(day), 0, part), rows, run)
    return [path for day in found.stale_days for path in stored[day]]


def _of_day(found: Examined, stored: list[str], articles: Rows) -> Iterator[pa.Table]:
    wanted = hash_rows(articles, SIGNATURE_NAMES)
    kept = [np.zeros(0, np.uint64)]
    for path in stored:
        rows = read_stored(f"{found.output}/{path}")
        taken = take_signatures(rows)
        taken["folder"] = day_of(path)
        hashes = hash_rows(taken, SIGNATURE_NAMES)
        right = is_in(hashes, wanted)
        kept.append(hashes[right])
        yield rows.filter(right)
    missing = articles[~is_in(wanted, np.concatenate(kept))]
    for number in np.unique(missing["file"]).tolist():
        table = read_stored(f"{found.output}/{found.paths[ARTICLES.name][number]}", _COLUMNS)
        yield make_signatures(table.take(missing["row"][missing["file"] == number]))


def make_signatures(articles: pa.Table) -> pa.Table:
    """Rows of the table, from articles that have a signature."""
    texts = [as_article(row) for row in articles.select(["description", "body"]).to_pylist()]
    names = zip(articles["publisher"].to_pylist(), articles["source"].to_pylist(), strict=True)
    outlets = [name_key("outlet", publisher or source) for publisher, source in names]
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
