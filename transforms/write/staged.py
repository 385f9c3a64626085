"""What a run has staged: the files that its commit will add, replace and remove."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import Table
from transforms.write import files
from transforms.write.parquet import encode
from transforms.write.raw import is_raw
from transforms.write.run import STAGED, Run, staged_path, target_of
from transforms.write.stored import list_files, read_stored, row_count


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that waits for the commit."""

    table: Table
    target: str  # its path below the dataset's folder, once it is committed
    path: str

    @property
    def date(self) -> str:
        """The date it is filed under; empty for a table that is not dated."""
        return self.target.partition("/date=")[2].partition("/")[0]


@dataclass
class Staged:
    """A run that is about to commit, under the lock. To prepare the commit, change all of it but the run.

    A crash undoes every change that is made here.
    """

    run: Run
    manifest: dict[str, Any]
    parts: list[StagedFile]
    overlapped: bool  # others have committed since the run began
    removed: set[str] = field(default_factory=set)  # committed files to remove: paths below the dataset's folder
    raw: list[str] = field(default_factory=list)  # targets of the raw files, which are committed as they are
    aside: list[str] = field(default_factory=list)  # and of files that are moved out of the tables

    @property
    def targets(self) -> list[str]:
        """What all staged files are to become: paths below the dataset's folder."""
        return [part.target for part in self.parts] + self.raw + self.aside

    def of(self, table: Table) -> list[StagedFile]:
        """The staged files of a table, in the order of their paths."""
        return [file for file in self.parts if file.table.name == table.name]

    def read(self, file: StagedFile, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a staged file, or some of its columns."""
        return read_stored(file.path, columns)

    def rewrite(self, file: StagedFile, rows: pa.Table) -> None:
        """Puts other rows in a staged file; without rows there is no file."""
        if rows.num_rows:
            files.write_whole(file.path, encode(file.table, rows, self.run))
        else:
            self.drop(file)

    def drop(self, file: StagedFile) -> None:
        """Takes a staged file out of the commit."""
        self.parts.remove(file)
        files.remove([file.path])

    def add(self, table: Table, target: str, rows: pa.Table) -> None:
        """Stages one more file; a committed file of the same path is replaced in one step."""
        file = StagedFile(table, target, staged_path(self.run.staging, target))
        files.write_whole(file.path, encode(table, rows, self.run))
        self.parts.append(file)

    def replace(self, table: Table, rows: pa.Table) -> None:
        """Stages one file for all rows of a table, in the place of its staged and stored ones."""
        for part in self.of(table):
            self.drop(part)
        for path in list_files(self.run.output, table.name):
            self.remove(path)
        self.add(table, only_file(table), rows)

    def remove(self, path: str) -> None:
        """Lists a committed file for removal; the commit does so after all that it adds is in place."""
        self.removed.add(path.removeprefix(f"{self.run.output}/"))

    def stamp(self, run: Run) -> None:
        """Gives all rows of this run another ingested_at: that of `run`."""
        former, self.run = self.run, run
        for file in list(self.parts):
            if "ingested_at" in file.table.schema.names:
                self.rewrite(file, restamp(self.read(file), former.ingested_at, run.ingested_at))

    def contents(self) -> dict[str, Any]:
        """Rows, bytes and files of each table, from the files' own footers."""
        tables: dict[str, Any] = {}
        for file in self.parts:
            table = tables.setdefault(file.table.name, {"rows": 0, "bytes": 0, "files": []})
            rows, size = row_count(file.path), files.size(file.path)
            table["rows"] += rows
            table["bytes"] += size
            table["files"].append({"path": file.target, "rows": rows, "bytes": size})
        return tables

    def raw_contents(self) -> list[dict[str, Any]]:
        """The raw files, and the bytes of each."""
        return [{"path": target, "bytes": files.size(staged_path(self.run.staging, target))} for target in self.raw]


def only_file(table: Table) -> str:
    """The path of a table of one file. It never changes: a rename swaps the table in one step, for readers too."""
    return f"{table.name}/part-0.parquet"


def find_staged(run: Run, tables: Sequence[Table]) -> tuple[list[StagedFile], list[str]]:
    """What a run has staged, in the order of the paths: the files of these tables, and the targets of raw files.

    ValueError for a file of another table.
    """
    found = [path for path in files.find(run.staging) if path.endswith(STAGED)]
    raw = [target for target in map(target_of, found) if is_raw(target)]
    return [staged_file(path, tables) for path in found if not is_raw(target_of(path))], raw


def staged_file(path: str, tables: Sequence[Table]) -> StagedFile:
    """A staged file and the table that it belongs to."""
    target = target_of(path)
    folder = target.rpartition("/")[0].partition("/date=")[0]
    for table in tables:
        if table.name == folder:
            return StagedFile(table, target, path)
    raise ValueError(f"{path}: staged for none of {[table.name for table in tables]}")


def restamp(rows: pa.Table, former: int, latter: int) -> pa.Table:
    """The rows with one value of ingested_at replaced by another."""
    stamps = rows.column("ingested_at")
    kind = stamps.type
    changed = pc.if_else(pc.equal(stamps, pa.scalar(former, kind)), pa.scalar(latter, kind), stamps)
    return rows.set_column(rows.column_names.index("ingested_at"), rows.field("ingested_at"), changed)
