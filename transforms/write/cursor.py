"""The cursor of a dataset: ingested_at of its newest commit. It can be found anew from the manifests."""

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
        at = read_json(cursor_path(output)).get("ingested_at")
        if not isinstance(at, int):
            raise DatasetError(f"{cursor_path(output)}: ingested_at is {at!r}")
        return at
    manifests = files.find(f"{output}/_manifests", "*.json")
    return max((from_iso_time(read_json(path)["ingested_at"]) for path in manifests), default=0)


def move_cursor(output: str, ingested_at: int) -> None:
    """Sets the cursor to a commit that is about to have its manifest."""
    write_json(cursor_path(output), {"ingested_at": ingested_at})


def cursor_path(output: str) -> str:
    """Where the cursor is kept."""
    return f"{output}/_manifests/_last"  # no .json: a glob over the manifests finds manifests alone
