"""The sightings that stored articles say of themselves: each was first seen where its first version came from."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.tables import ARTICLES, SIGHTINGS
from transforms.check.problems import Problem
from transforms.check.rows import Rows, days, is_in
from transforms.check.standing import Standing, count_each
from transforms.count_of import count_of
from transforms.deduplicate.settings import date_of
from transforms.write.run import Run
from transforms.write.stored import read_stored
from transforms.write.write_table import write_file

_COPIED = [name for name in SIGHTINGS.schema.names if name in ARTICLES.schema.names]


def without_original(articles: Standing, sightings: Standing) -> Rows:
    """The first versions, as ARTICLE_ROWS, of articles that no original sighting is of, in the right folder."""
    originals = sightings.rows["article"][sightings.keep & sightings.rows["original"]]
    return articles.take((articles.value == 1) & ~is_in(articles.rows["article"], originals))


def original_problems(lacking: Rows, paths: list[str]) -> Iterator[Problem]:
    """`paths` are those of the files of articles by their number."""
    for file, count in count_each(lacking["file"]):
        what = f"{count_of(count, 'article')} without a sighting at their source"
        yield Problem(paths[file], what, "makes it from the article")


def stage_originals(lacking: Rows, paths: list[str], run: Run) -> None:
    """Stages those sightings."""
    for number in np.unique(lacking["file"]).tolist():
        rows = lacking[lacking["file"] == number]
        stored = read_stored(f"{run.output}/{paths[number]}", _COPIED).take(rows["row"])
        sightings = _sightings(stored, rows["folder"])
        seen = days(rows["seen"])
        for day in np.unique(seen).tolist():
            write_file(SIGHTINGS, (date_of(day), f"original{number}", 0), sightings.filter(seen == day), run)


def _sightings(articles: pa.Table, filed: NDArray[np.int32]) -> pa.Table:
    count = articles.num_rows
    made = {
        "article_date": pa.array(filed).cast(pa.date32()),
        "relation": pa.repeat("original", count),
        "score": pa.repeat(pa.scalar(1, pa.float32()), count),
    }
    return pa.table({name: articles[name] for name in articles.column_names} | made)
