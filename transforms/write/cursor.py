"""The cursor of a dataset: its newest commit, and what that left. It can be found anew from the manifests."""

from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError
from transforms.write import files
from transforms.write.manifests import from_iso_time, read_json, write_json


def last_ingested_at(output: str) -> int:
    """ingested_at of the newest commit, in microseconds since the epoch; 0 for a dataset without one.

    Raises:
        DatasetError: the cursor's file, or a manifest where there is no such file, cannot be read.
    """
    if FileSystems.exists(cursor_path(output)):
        return _read_number(output, "ingested_at")
    manifests = files.find(f"{output}/_manifests", "*.json")
    return max((from_iso_time(read_json(path)["ingested_at"]) for path in manifests), default=0)


def move_cursor(output: str, ingested_at: int) -> None:
    """Sets the cursor to a commit that is about to have its manifest: all of its files are in place."""
    write_json(cursor_path(output), {"ingested_at": ingested_at, "key_files": _count_key_files(output)})


def count_lost_keys(output: str) -> int:
    """How many key files fewer there are than the newest commit left, under the lock; DatasetError as above."""
    if not FileSystems.exists(cursor_path(output)):
        return 0
    return max(0, _read_number(output, "key_files", 0) - _count_key_files(output))


def _read_number(output: str, name: str, missing: int | None = None) -> int:
    number = read_json(cursor_path(output)).get(name, missing)
    if not isinstance(number, int):
        raise DatasetError(f"{cursor_path(output)}: {name} is {number!r}")
    return number


def _count_key_files(output: str) -> int:
    return len(files.find(f"{output}/_keys", "**.parquet"))


def cursor_path(output: str) -> str:
    """Where the cursor is kept."""
    return f"{output}/_manifests/_last"  # no .json: a glob over the manifests finds manifests alone
