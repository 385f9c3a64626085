"""What is committed of a window: the manifests of its runs, and the packs that these list."""

from datetime import UTC, datetime
from functools import partial
from itertools import count, takewhile
from typing import Any

from transforms.write import files
from transforms.write.manifests import already_committed, read_json, read_manifest


def part_id(stream: str, end_s: int, number: int) -> str:
    """The run id of a stream's window that ends at a time: of its first run (0), or of one that follows."""
    return f"{stream}.{_clock(end_s)}" + (f"-{number + 1}" if number else "")


def read_parts(output: str, stream: str, end_s: int) -> list[dict[str, Any]]:
    """The manifests of what was committed of a stream's window, in their order."""
    run_ids = takewhile(partial(already_committed, output), map(partial(part_id, stream, end_s), count()))
    return [read_manifest(output, run_id) for run_id in run_ids]


def packs_of_any(output: str, end_s: int) -> set[str]:
    """The packs that streams of any name have committed in their windows that end at a time."""
    paths = files.find(f"{output}/_manifests", f"*.{_clock(end_s)}*.json")
    return {name for path in paths for name in read_json(path).get("packs", ())}


def _clock(end_s: int) -> str:
    return f"{datetime.fromtimestamp(end_s, UTC):%Y%m%dT%H%M%SZ}"
