"""The rows that a run added, wherever compactions have moved them since."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import DatasetError
from schemas.tables import Table
from transforms.write import files
from transforms.write.stored import is_gone, read_anew, read_stored


def read_added(output: str, manifest: Mapping[str, Any], table: Table, columns: Sequence[str]) -> pa.Table:
    """Some columns of the rows that a committed run added to a table; DatasetError for a file that cannot be read."""
    paths = sorted(file["path"] for file in manifest["tables"].get(table.name, {"files": []})["files"])
    tables = [table.schema.empty_table().select(columns)]
    for folder, listed in groupby(paths, lambda path: path.rpartition("/")[0]):
        try:
            tables += [read_stored(f"{output}/{path}", columns) for path in listed]
        except DatasetError as error:
            if not is_gone(error):
                raise
            tables.append(_find_rows(f"{output}/{folder}", manifest["run_id"], columns))
    return pa.concat_tables(tables)


def _find_rows(folder: str, run_id: str, columns: Sequence[str]) -> pa.Table:
    """The rows of a run, or of the chunks of one, in all files of a partition."""
    wanted = [*columns, "run_id"]
    tables = read_anew(lambda: [read_stored(path, wanted) for path in files.find(folder, "*.parquet")])
    rows = pa.concat_tables(tables)
    of_run = pc.or_(pc.equal(rows["run_id"], run_id), pc.starts_with(rows["run_id"], f"{run_id}."))
    return rows.filter(of_run).select(columns)
