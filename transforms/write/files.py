"""Whole files on any Beam filesystem: written under another name, then renamed, so no reader sees half."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache

import pyarrow as pa
from apache_beam.io.filesystem import CompressionTypes, FileMetadata
from apache_beam.io.filesystems import FileSystems

SYNC_THREADS = 16


def is_local(path: str) -> bool:
    """Whether a path is on a local filesystem, with locks, folders and fsync."""
    return FileSystems.get_scheme(path) is None


def has_folders(path: str) -> bool:
    """Whether a path's filesystem has folders to make: object stores have none."""
    return bool(FileSystems.get_filesystem(path).has_dirs())


def find(folder: str, name: str = "**") -> list[str]:
    """The files under a folder, at any depth, whose path below it matches a Beam pattern, sorted."""
    if is_local(folder):  # Beam would compile a regular expression for each folder
        paths = (os.path.join(root, file) for root, _, names in os.walk(folder) for file in names)
        return sorted(path for path in paths if _matcher(name).match(path.removeprefix(f"{folder}/")))
    (result,) = FileSystems.match([f"{folder}/{name}"])
    return sorted(found.path for found in result.metadata_list)


@cache
def _matcher(name: str) -> re.Pattern[str]:
    return re.compile(FileSystems.get_filesystem(name).translate_pattern(name))


def find_sizes(folder: str) -> dict[str, int]:
    """The files under a folder, at any depth, and the bytes of each."""
    return {found.path: int(found.size_in_bytes) for found in describe(folder)}


def describe(folder: str, name: str = "**") -> list[FileMetadata]:
    """As `find`, with the bytes and the time of change of each; without local files that others remove meanwhile."""
    if not is_local(folder):
        (result,) = FileSystems.match([f"{folder}/{name}"])
        return sorted(result.metadata_list, key=lambda found: str(found.path))
    described = []
    for path in find(folder, name):
        with suppress(FileNotFoundError):
            status = os.stat(path)
            described.append(FileMetadata(path, status.st_size, status.st_mtime))
    return described


def size(path: str) -> int:
    """Bytes of a file."""
    return int(FileSystems.get_filesystem(path).size(path))


def read_bytes(path: str) -> bytes:
    """The bytes of a file; a name that ends in .gz changes nothing."""
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        return bytes(file.read())


def write_whole(path: str, data: bytes | pa.Buffer, attempt: str = "unfinished") -> None:
    """Writes a file that is either whole or absent, over any file of that name.

    Writers that may write the same file at the same time each need an `attempt` of their own.
    """
    write_pieces(path, [data], attempt)


def write_pieces(path: str, pieces: Iterable[bytes | pa.Buffer], attempt: str = "unfinished") -> None:
    """As `write_whole`, of pieces that need not be in memory together."""
    if not has_folders(path):  # an object store shows no object before it is closed
        _write(path, pieces)
        return
    unfinished = f"{path}-{attempt}"
    _write(unfinished, pieces)
    replace([unfinished], [path])


def replace(sources: list[str], targets: list[str]) -> None:
    """Renames files over those that have the targets' names; the folders must exist."""
    if has_folders(targets[0]) and not is_local(targets[0]):  # HDFS does not rename over a file
        remove([target for target in targets if FileSystems.exists(target)])
    FileSystems.rename(sources, targets)


def copy(source: str, target: str) -> None:
    """Gives a file a second name, without reading it where the filesystem has hard links."""
    if not is_local(source):
        FileSystems.copy([source], [target])
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def remove(paths: list[str]) -> None:
    """Removes files that exist."""
    FileSystems.delete(paths)


def remove_tree(path: str) -> None:
    """Removes a folder and all that is in it, or a file, if it exists."""
    if not is_local(path):
        remove(find(path))
        return
    while os.path.isdir(path):
        with suppress(FileNotFoundError):  # another process removes it, too
            shutil.rmtree(path)
    if os.path.lexists(path):
        os.remove(path)


def touch(path: str) -> None:
    """Makes an empty file, or leaves a local one as it is; OSError where the folder cannot be written."""
    if is_local(path):
        open(path, "ab").close()
    else:
        _write(path, [])


def make_folder(folder: str) -> None:
    """Makes a folder, and those above it, where the filesystem has folders."""
    if is_local(folder):
        os.makedirs(folder, exist_ok=True)
    elif has_folders(folder) and not FileSystems.exists(folder):
        FileSystems.mkdirs(folder)


def sync(paths: Iterable[str]) -> None:
    """Waits until local files and folders are safe from a loss of power; elsewhere a closed file is."""
    with ThreadPoolExecutor(SYNC_THREADS) as threads:  # the disk takes many for the time of one
        list(threads.map(_sync, filter(is_local, paths)))


def batches(moves: list[tuple[str, str]], path: str) -> Iterator[list[tuple[str, str]]]:
    """Renames in groups as large as the path's filesystem handles in one call: 1 on a local one."""
    size = FileSystems.get_chunk_size(path)
    return (moves[start : start + size] for start in range(0, len(moves), size))


def _write(path: str, pieces: Iterable[bytes | pa.Buffer]) -> None:
    with naming(path), FileSystems.create(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        for piece in pieces:
            file.write(piece)


@contextmanager
def naming(path: str) -> Iterator[None]:
    """An OSError that is raised here names a file: of a write to a full disk, Python does not say which."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or path
        raise


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
