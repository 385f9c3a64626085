"""The Iceberg tables of a dataset, as the command makes them and others keep them, and what is said of them."""

from collections.abc import Iterator

from pipelines.terminal import complain
from schemas.errors import DatelineError
from transforms.iceberg.registered import register, sync_registered


def sync_dataset(output: str, catalog: str | None, namespace: str | None) -> Iterator[str]:
    """Register a dataset, or what has changed in it; in plain lines what was done. Raises as `register`."""
    yield f"Iceberg tables of {output}"
    for table in register(output, catalog, namespace):
        yield f"  {table.table:<12}{table.rows:>12,} rows  {table.added:>7,} files added  {table.removed:>7,} removed"


def sync_after(output: str) -> None:
    """Let the Iceberg tables of a dataset follow a commit, which stays well done if this fails: that is said."""
    try:
        sync_registered(output)
    except DatelineError as error:
        complain(f"the run has committed, but not to the Iceberg tables: {error}; dateline iceberg {output} does so")
