"""Which files of a dataset are worth joining."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from schemas.tables import SCHEMA_VERSION, Table
from transforms.write import files
from transforms.write.stored import schema_version

MIB = 2**20
SMALL_BYTES = 128 * MIB  # a file of this size stays as it is
FILE_BYTES = 448 * MIB  # what a joined file has at most, by the size of what it is made of

_PARTITION = re.compile(r"date=(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Choice:
    """When to join the small files of a partition: from how many on, and how unlike in size.

    A file larger than `growth` times all smaller ones together is left out, so that a large file is not written
    anew for each few small ones that come. With `older`, files of an older schema are written anew, however many and
    large: a reader by glob that takes all columns from one file fails on another that lacks some.
    """

    min_files: int
    growth: float
    older: bool = False


EVERYTHING = Choice(min_files=2, growth=math.inf, older=True)
AFTER_INGEST = Choice(min_files=8, growth=4.0)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A committed file as it was found: one that has changed since is another."""

    path: str
    size: int  # bytes
    changed_at: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Join:
    """Files of one partition that are to become fewer; sorted by path."""

    table: Table
    folder: str  # below the dataset's, such as articles/date=2025-03-22
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def outputs(self) -> int:
        """How many files of like size they become."""
        return max(1, math.ceil(self.size / FILE_BYTES))


@dataclass(frozen=True, slots=True)
class Joined:
    """A join whose files are staged."""

    join: Join
    repeats: int  # rows that were dropped


def plan_joins(output: str, tables: Iterable[Table], choice: Choice) -> list[Join]:
    """What there is to join in the dated tables of a dataset."""
    dated = [table for table in tables if table.dated]
    return [join for table in dated for join in _plan_table(output, table, choice)]


def _plan_table(output: str, table: Table, choice: Choice) -> Iterator[Join]:
    for date, found in list_partitions(output, table):
        chosen = set(choose(found, choice))
        if choice.older:
            chosen |= {file for file in found if file not in chosen and schema_version(file.path) < SCHEMA_VERSION}
        if chosen:
            yield Join(table, f"{table.name}/date={date}", tuple(sorted(chosen, key=lambda file: file.path)))


def choose(found: Iterable[StoredFile], choice: Choice) -> tuple[StoredFile, ...]:
    """The files of a partition to join, sorted by path; none where they are too few."""
    small = sorted((file for file in found if file.size < SMALL_BYTES), key=lambda file: file.size)
    while small and small[-1].size > choice.growth * sum(file.size for file in small[:-1]):
        small.pop()
    return tuple(sorted(small, key=lambda file: file.path)) if len(small) >= choice.min_files else ()


def list_partitions(output: str, table: Table) -> Iterator[tuple[str, list[StoredFile]]]:
    """The dates of a dated table and the files of each, sorted by path; without what lies in other folders."""
    for folder, stored in groupby(list_stored(f"{output}/{table.name}"), lambda file: file.path.rpartition("/")[0]):
        if found := _PARTITION.fullmatch(folder.removeprefix(f"{output}/{table.name}/")):
            yield found[1], list(stored)


def list_stored(folder: str) -> list[StoredFile]:
    """The Parquet files under a folder, sorted by path."""
    found = files.describe(folder, "**.parquet")
    return [StoredFile(file.path, file.size_in_bytes, file.last_updated_in_seconds) for file in found]
