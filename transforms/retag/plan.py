"""Which files of articles are to be tagged again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow.compute as pc

from schemas.errors import DatasetError
from schemas.tables import ARTICLES
from transforms.compact.plan import StoredFile, list_partitions
from transforms.write.stored import is_gone, open_stored, read_stored

Days = tuple[date, date]  # the first and the last
ALL_DAYS = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Stale:
    """A file whose rows are to be tagged again, as it was found; one that others have replaced has no rows."""

    file: StoredFile
    day: str
    rows: int = 0
    row_groups: int = 0

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.file.size


def find_stale(output: str, version: str, days: Days = ALL_DAYS, again: bool = False) -> list[Stale]:
    """The files of some days that hold rows of another pipeline_version; with `again` all files of these days.

    Raises DatasetError for a file that cannot be read, NewerSchema for one of a later version.
    """
    stored = (
        (day, file) for day, found in list_partitions(output, ARTICLES) for file in found if _is_within(day, days)
    )
    return [stale for day, file in stored for stale in _find(file, day, None if again else version)]


def _is_within(day: str, days: Days) -> bool:
    return days[0] <= date.fromisoformat(day) <= days[1]


def _find(file: StoredFile, day: str, version: str | None) -> Iterator[Stale]:
    """The file, unless all of its rows are of the version."""
    try:
        written = pc.unique(read_stored(file.path, ["pipeline_version"])["pipeline_version"]).to_pylist()
        if written != [version]:
            with open_stored(file.path) as stored:
                yield Stale(file, day, stored.metadata.num_rows, stored.num_row_groups)
    except DatasetError as error:
        if not is_gone(error):
            raise
        yield Stale(file, day)
