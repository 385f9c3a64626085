"""Stored articles with new tags, in the files that are to take the place of theirs."""

from collections.abc import Iterator, Sequence

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.pvalue import PBegin, PCollection

from schemas.errors import DatasetError
from schemas.flags import TAG_FLAGS
from schemas.tables import ARTICLES, TAGS
from transforms.progress import note
from transforms.retag.plan import Stale
from transforms.tag.grouping import list_offsets
from transforms.tag.tag import Tag
from transforms.write.run import Run
from transforms.write.stored import is_gone, read_row_group
from transforms.write.write_table import Group, Key, WriteTable

Piece = tuple[Key, str, int]  # what its rows are filed under; the path and the row group that they are in


class Retag(beam.PTransform[PBegin, PCollection[str]]):
    """Stage the rows of some files with new tags, a file for each row group: `root | Retag(...)`; gives their paths.

    The tags are those of the profile `entities`, the pipeline_version is the run's; all else stays as it is.
    """

    def __init__(self, stale: Sequence[Stale], run: Run, entities: str) -> None:
        super().__init__()
        self._stale = stale
        self._run = run
        self._entities = entities

    def expand(self, root: PBegin) -> PCollection[str]:
        """`root` is the pipeline. Only the places of rows are shuffled, never rows."""
        paths: PCollection[str] = (
            root
            | "ListPieces" >> beam.Create(list(cut(self._stale)), reshuffle=False)
            | "SpreadPieces" >> beam.Reshuffle()
            | "ReadRows" >> beam.FlatMap(read_rows, self._run.staging)
            | "Tag" >> Tag(self._entities)
            | "WriteArticles" >> WriteTable(ARTICLES, self._run)
        )
        return paths


def cut(stale: Sequence[Stale]) -> Iterator[Piece]:
    """The row groups of files; the rows of file number n are filed under shard n."""
    for number, file in enumerate(stale):
        for group in range(file.row_groups):
            yield (file.day, number, group), file.file.path, group


def read_rows(piece: Piece, staging: str) -> Iterator[Group]:
    """A row group as it was before it was tagged; none of a file that others have replaced.

    Raises DatasetError for a file that cannot be read.
    """
    key, path, group = piece
    try:
        rows = read_row_group(path, group)
    except DatasetError as error:
        if not is_gone(error):
            raise
        return
    yield key, without_tags(rows)
    note(staging, articles=rows.num_rows)


def without_tags(rows: pa.Table) -> pa.Table:
    """Rows of ARTICLES without what `Tag` adds: its columns and quality flags, and the version that added them."""
    flags = rows["quality_flags"].combine_chunks()
    kept = pc.invert(pc.is_in(flags.flatten(), pa.array(TAG_FLAGS, pa.string())))
    counts = np.bincount(pc.list_parent_indices(flags).filter(kept).to_numpy(), minlength=len(flags))
    flags = pa.ListArray.from_arrays(list_offsets(counts), flags.flatten().filter(kept))
    rows = rows.drop_columns([*TAGS, "pipeline_version"])
    return rows.set_column(rows.column_names.index("quality_flags"), rows.field("quality_flags"), flags)
