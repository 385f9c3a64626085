"""The Iceberg tables of a dataset, as the command makes them and others keep them, and what is said of them."""

from collections.abc import Iterator

from pipelines.terminal import complain
from schemas.errors import DatelineError
from transforms.count_of import noun
from transforms.iceberg.registered import register, sync_registered


def sync_dataset(output: str, catalog: str | None, namespace: str | None) -> Iterator[str]:
    """Register a dataset, or what has changed in it; in plain lines what was done. Raises as `register`."""
    yield f"Iceberg tables of {output}"
    for table in register(output, catalog, namespace):
        rows = f"{table.rows:>12,} {noun(table.rows, 'row'):<4}"
        added = f"{table.added:>7,} {noun(table.added, 'file')} added"
        yield f"  {table.table:<12}{rows}  {added}  {table.removed:>7,} removed"


def sync_after(output: str) -> None:
    """Let the Iceberg tables of a dataset follow a commit, which stays well done if this fails: that is said."""
    try:
        sync_registered(output)
    except DatelineError as error:
        complain(f"the run has committed, but not to the Iceberg tables: {error}; dateline iceberg {output} does so")
