"""Manifests: what a run read, dropped and wrote, as JSON. A run whose manifest exists has committed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems
from apache_beam.version import __version__ as beam_version

from schemas.errors import DatasetError
from schemas.tables import SCHEMA_VERSION
from transforms.write import files
from transforms.write.run import Run

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Commands that read no input, as the manifests of their commits name them.
CHECK = "check"
COMPACT = "compact"
REPLAY = "replay"
RETAG = "retag"
FORGET = "forget"


def build_manifest(
    run: Run,
    *,
    options: Mapping[str, Any],
    inputs: list[dict[str, Any]],
    counts: Mapping[str, int],
    timings: Mapping[str, float],
) -> dict[str, Any]:
    """A manifest for `commit`, which adds what only it knows: status, ingested_at, tables and removed files.

    `counts` holds reads and the five outcomes; `timings` are seconds by stage; `options` must hold no secret.
    """
    return {
        "run_id": run.run_id,
        "pipeline_version": run.pipeline_version,
        "schema_version": SCHEMA_VERSION,
        "libraries": {"apache-beam": beam_version, "pyarrow": pa.__version__},
        "options": dict(options),
        "started_at": iso_time(run.read_at),
        "inputs": inputs,
        "counts": dict(counts),
        "timings": dict(timings),
    }


def manifest_path(output: str, run_id: str) -> str:
    """Where a run's manifest is, once it has committed."""
    return f"{output}/_manifests/{run_id}.json"


def already_committed(output: str, run_id: str) -> bool:
    """Whether a run of this id has committed."""
    return bool(FileSystems.exists(manifest_path(output, run_id)))


def read_manifest(output: str, run_id: str) -> dict[str, Any]:
    """The manifest of a committed run."""
    return read_json(manifest_path(output, run_id))


def read_json(path: str) -> dict[str, Any]:
    """A JSON object in a file of the dataset; DatasetError names one that cannot be read."""
    try:
        content = orjson.loads(files.read_bytes(path))
    except (orjson.JSONDecodeError, OSError) as error:
        raise DatasetError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise DatasetError(f"{path}: holds no JSON object")
    return content


def write_json(path: str, content: Mapping[str, Any]) -> None:
    """Writes a JSON object whole, and safe from a loss of power."""
    files.write_whole(path, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    files.sync([path, path.rpartition("/")[0]])


def iso_time(micros: int) -> str:
    """2025-03-22T10:15:00.000000Z"""
    return (EPOCH + timedelta(microseconds=micros)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_iso_time(text: str) -> int:
    """Microseconds since the epoch."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)
