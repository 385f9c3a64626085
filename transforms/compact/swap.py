"""Prepares the commit of a compaction: joined files take the place of those that they were made of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from transforms.compact.plan import Joined, list_stored
from transforms.write import files
from transforms.write.staged import Staged


@dataclass
class Saved:
    """What a compaction did to a table."""

    partitions: int = 0
    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    repeats: int = 0


def swap(staged: Staged, joined: Sequence[Joined]) -> None:
    """Lists for removal what the joined files were made of; the manifest says by table what that saves.

    A partition of which a file has changed since, or is gone, stays as it is now.
    """
    saved: defaultdict[str, Saved] = defaultdict(Saved)
    for done in joined:
        outputs = [part for part in staged.parts if part.target.startswith(f"{done.join.folder}/")]
        if set(done.join.files).issubset(list_stored(f"{staged.run.output}/{done.join.folder}")):
            for file in done.join.files:
                staged.remove(file.path)
            _add(saved[done.join.table.name], done, [files.size(part.path) for part in outputs])
        else:
            for part in outputs:
                staged.drop(part)
    staged.manifest["compacted"] = {name: asdict(table) for name, table in saved.items()}


def _add(saved: Saved, done: Joined, sizes: Sequence[int]) -> None:
    saved.partitions += 1
    saved.files_before += len(done.join.files)
    saved.files_after += len(sizes)
    saved.bytes_before += done.join.size
    saved.bytes_after += sum(sizes)
    saved.repeats += done.repeats
