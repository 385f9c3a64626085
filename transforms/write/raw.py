"""The raw files of a dataset: what was fetched, as WARC, in `OUT/raw`. They hold no rows and no schema."""

from transforms.write import files

RAW = "raw"


def raw_target(date: str, run_id: str, shard: int) -> str:
    """The path of a raw file below the dataset's folder; `date` is the ISO date of the fetch."""
    return f"{RAW}/date={date}/part-{run_id}-{shard}.warc.gz"


def is_raw(target: str) -> bool:
    """Whether a path below the dataset's folder is that of a raw file."""
    return target.startswith(f"{RAW}/")


def list_raw(output: str) -> list[str]:
    """The paths of a dataset's raw files, sorted."""
    return files.find(f"{output}/{RAW}", "**.warc.gz")
