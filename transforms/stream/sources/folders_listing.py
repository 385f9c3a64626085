"""The files that a pattern matches, each known by a hash of its path, size and time of change."""

import os
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from apache_beam.io.filesystem import FileMetadata
from numpy.typing import NDArray

from schemas.cursors import Cursor
from transforms.read_documents import match_files

Keys = NDArray[np.uint64]

NO_KEYS: Keys = np.empty(0, np.uint64)
# What files are called while editors, browsers and copying tools write them.
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".inprogress", ".swp")


class Listing(NamedTuple):
    """Files and the key of each."""

    keys: Keys
    files: list[FileMetadata]


def list_files(pattern: str, with_unfinished: bool = False) -> Listing:
    """What a pattern matches now. OSError where it cannot be looked up."""
    files = [file for file in match_files(pattern) if with_unfinished or not is_unfinished(file.path)]
    keys = make_keys([Cursor(pattern, item_of(file), file.size_in_bytes, changed_at(file)) for file in files])
    return Listing(keys, files)


def make_keys(cursors: list[Cursor]) -> Keys:
    """The key of each file; another one when its size or time of change is another."""
    return np.frombuffer(b"".join(map(_digest, cursors)), np.uint64)


def is_unfinished(path: str) -> bool:
    """Whether a file's name says that it is hidden or still being written."""
    name = os.path.basename(path)
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower().endswith(_UNFINISHED)


def item_of(file: FileMetadata) -> str:
    r"""The path as text; bytes that are none are written as `\udcff`."""
    return str(file.path).encode("utf-8", "backslashreplace").decode()


def changed_at(file: FileMetadata) -> int:
    """Microseconds since the epoch; 0 where a filesystem gives no time of change."""
    return round(file.last_updated_in_seconds * 1e6)


def _digest(cursor: Cursor) -> bytes:
    return blake2b(f"{cursor.item}\0{cursor.position}\0{cursor.modified}".encode(), digest_size=8).digest()
