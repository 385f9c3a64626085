"""A Beam filesystem with the ways of an object store: no folders, no locks, renames that copy."""

import io
import time
from collections.abc import Iterator

from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem

OBJECTS: dict[str, tuple[bytes, float]] = {}


class Upload(io.BytesIO):
    """Bytes that become an object when they are closed."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def close(self) -> None:
        if not self.closed:
            OBJECTS[self._path] = (self.getvalue(), time.time())
        super().close()


class ObjectStore(FileSystem):
    """objects://bucket/name, in this process's memory."""

    CHUNK_SIZE = 2

    @classmethod
    def scheme(cls) -> str:
        return "objects"

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join([basepath.rstrip("/"), *paths])

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path: str) -> None:
        raise AssertionError(f"no folders here: {path}")

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        for path in [path for path in OBJECTS if path.startswith(dir_or_prefix)]:
            yield self.metadata(path)

    def create(self, path: str, mime_type: str = "", compression_type: str = "") -> io.BytesIO:
        return Upload(path)

    def open(self, path: str, mime_type: str = "", compression_type: str = "") -> io.BytesIO:
        return io.BytesIO(self._object(path)[0])

    def copy(self, source_file_names: list[str], destination_file_names: list[str]) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            OBJECTS[target] = self._object(source)

    def rename(self, source_file_names: list[str], destination_file_names: list[str]) -> None:
        self.copy(source_file_names, destination_file_names)
        self.delete(source_file_names)

    def exists(self, path: str) -> bool:
        return path in OBJECTS

    def size(self, path: str) -> int:
        return len(self._object(path)[0])

    def last_updated(self, path: str) -> float:
        return self._object(path)[1]

    def checksum(self, path: str) -> str:
        return str(hash(self._object(path)[0]))

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, self.size(path), self.last_updated(path))

    def delete(self, paths: list[str]) -> None:
        for path in paths:
            self._object(path)
            del OBJECTS[path]

    def _object(self, path: str) -> tuple[bytes, float]:
        if path not in OBJECTS:
            raise BeamIOError(f"no such object: {path}")
        return OBJECTS[path]
