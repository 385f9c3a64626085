"""A backfill: an ingest in chunks, each a commit of its own, that goes on where it was when it is run again."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.filesystems import FileSystems

from pipelines.memory import release_memory
from pipelines.options import IngestOptions
from pipelines.progress import Behind
from pipelines.terminal import complain
from schemas.errors import AlreadyCommitted, DatelineError
from transforms.chunks.chunk import Chunk, chunk_size, describe_chunk, join_parts
from transforms.chunks.unpack_lines import LineUnpacker
from transforms.count_of import count_of
from transforms.read_files import FileRange
from transforms.write import files
from transforms.write.manifests import already_committed, iso_time, read_json, read_manifest, write_json
from transforms.write.run import check_run_id

# What the command is, besides its input: with another of these it is not the same backfill.
_SAME = (
    "inputs", "feeds", "run_id", "near_duplicates", "near_duplicate_days", "page_profile", "boilerplate", "entities",
    "languages", "earliest_date", "date_from", "full_text", "keep_raw", "chunk_bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Backfill:
    """Chunks, and the runs that they are committed as: `<run_id>.<first>` and those after it."""

    run_id: str
    read_at: int  # the clock of all its runs
    first: int
    chunks: list[Chunk]

    def id_of(self, number: int) -> str:
        """The run that commits a chunk, counted from 0."""
        return f"{self.run_id}.{self.first + number}"


@dataclass(frozen=True)
class Part:
    """One chunk, as the run that reads it needs it."""

    backfill: Backfill
    number: int  # from 0
    behind: Behind
    unpacker: LineUnpacker

    def unpack(self, staging: str) -> list[FileRange]:
        """What to read; packed lines are copied to the staging folder, if that is local."""
        parts = join_parts(self.backfill.chunks[self.number])
        return self.unpacker.copy(parts, staging) if files.is_local(staging) else parts

    def describe(self) -> dict[str, Any]:
        """What the manifest says of it."""
        chunks = self.backfill.chunks
        place = {"run_id": self.backfill.run_id, "chunk": self.number + 1, "of": len(chunks)}
        return {"backfill": place | describe_chunk(chunks[self.number])}


def refuse_finished(output: str, run_id: str) -> None:
    """Raise AlreadyCommitted if a backfill of this run id has ended."""
    if last := _count_committed(output, run_id, 1):
        place = read_manifest(output, f"{run_id}.{last}")["backfill"]
        if place["chunk"] == place["of"]:
            raise AlreadyCommitted(
                f"run {run_id} has committed to {output} before, in {count_of(place['of'], 'chunk')}"
            )


def open_backfill(
    output: str, options: IngestOptions, new_id: str, found: list[FileMetadata], chunks: list[Chunk]
) -> Backfill:
    """The backfill that the same command has begun, if its input is the same and something is committed, or a new one.

    It is remembered until `close_backfill`, in a file of `OUT/_manifests`.
    """
    path, plan = _path(output, options), _hash(*map(_describe, found), *chunks)
    state = read_json(path) if FileSystems.exists(path) else None
    if state and state["plan"] == plan:
        backfill = Backfill(state["run_id"], state["read_at"], state["first"], chunks)
        if done := _count_committed(output, backfill.run_id, backfill.first):
            clock = iso_time(backfill.read_at)
            complain(f"run {backfill.run_id}, begun {clock}, goes on: {done} of {len(chunks)} chunks are committed")
            return backfill
    elif state:
        complain(f"run {state['run_id']} has not ended, but its input has changed: all of it is read from the start")
    backfill = Backfill(new_id, options.read_at, _count_committed(output, new_id, 1) + 1, chunks)
    check_run_id(backfill.id_of(len(chunks)))
    files.make_folder(f"{output}/_manifests")
    write_json(path, {"run_id": new_id, "read_at": options.read_at, "first": backfill.first, "plan": plan})
    return backfill


def run_chunks(output: str, backfill: Backfill, run_chunk: Callable[[int, Behind], object]) -> dict[str, Any]:
    """Run the chunks that have not committed, `run_chunk` being given their numbers, from 0; one manifest of all.

    Raises DatelineError, naming the chunk, where one cannot be run.
    """
    started, size, of = time.monotonic(), 0, len(backfill.chunks)
    committed = _count_committed(output, backfill.run_id, backfill.first)
    done = [read_manifest(output, backfill.id_of(number)) for number in range(committed)]
    for number in range(len(done), of):
        behind = Behind(number + 1, of, sum_counts(done), size, started)
        try:
            run_chunk(number, behind)
        except AlreadyCommitted as done_elsewhere:  # by the same command, which runs there, too
            complain(done_elsewhere)
        except DatelineError as error:
            raise DatelineError(f"chunk {number + 1} of {of}: {error}; the same command goes on there") from error
        done.append(read_manifest(output, backfill.id_of(number)))
        size += chunk_size(backfill.chunks[number])
        release_memory()
    return join_manifests(backfill.run_id, done)


def close_backfill(output: str, options: IngestOptions) -> None:
    """Forget a backfill that has ended."""
    path = _path(output, options)
    if FileSystems.exists(path):
        files.remove([path])


def join_manifests(run_id: str, manifests: list[dict[str, Any]]) -> dict[str, Any]:
    """What several runs did, as if it had been one: sums, and all files."""
    tables: dict[str, Any] = {}
    for name, table in (item for manifest in manifests for item in manifest["tables"].items()):
        joined = tables.setdefault(name, {"rows": 0, "bytes": 0, "files": []})
        for field in joined:
            joined[field] += table[field]  # in place: a list of files may become long
    both = {"run_id": run_id, "chunks": len(manifests), "counts": sum_counts(manifests), "tables": tables}
    return manifests[-1] | both


def sum_counts(manifests: list[dict[str, Any]]) -> dict[str, int]:
    """The counts of several runs."""
    total: Counter[str] = Counter()
    for manifest in manifests:
        total.update(manifest["counts"])
    return dict(total)


def _count_committed(output: str, run_id: str, first: int) -> int:
    count = 0
    while already_committed(output, f"{run_id}.{first + count}"):
        count += 1
    return count


def _path(output: str, options: IngestOptions) -> str:
    given = asdict(options)
    return f"{output}/_manifests/_backfill-{_hash(*(given[name] for name in _SAME))}"


def _describe(file: FileMetadata) -> tuple[str, int, float]:
    return file.path, file.size_in_bytes, file.last_updated_in_seconds


def _hash(*values: object) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for value in values:
        digest.update(repr(value).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
