"""Packed JSON lines, unpacked a chunk at a time: the file stays open, so it is read once for all its chunks."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from schemas.errors import TooLarge
from transforms.gzipped import DAMAGED, is_gzipped, unpack
from transforms.read_files import FileRange, ReadLimits, open_plainly
from transforms.read_lines import read_lines, skip_line
from transforms.write import files


class LineUnpacker:
    """Copies slices of packed lines into plain files, which any number of processes can read from any byte on.

    Slices come in order; for any other one the file is unpacked from its start once more.
    """

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._file: BinaryIO | None = None
        self._stream: BinaryIO | None = None
        self._follows: tuple[bytes, int] | None = None  # the file, and where the slice starts that comes next

    def close(self) -> None:
        """Close the file that is open, if one is."""
        if self._file:
            self._file.close()
        self._file = self._follows = None

    def copy(self, parts: list[FileRange], folder: str) -> list[FileRange]:
        """The parts; each slice of packed lines with its lines in a file in `folder`, all else as it is.

        OSError where a packed file cannot be opened or read, or the copy cannot be written.
        """
        return [self._copy_part(part, f"{folder}/_lines-{number}") for number, part in enumerate(parts)]

    def _copy_part(self, part: FileRange, target: str) -> FileRange:
        if part.end < 0 or part.records:
            return part
        try:
            if self._follows != (part.name, part.start) and not self._open(part):
                return part
            files.write_pieces(target, self._read(part))
        except (*DAMAGED, TooLarge):  # to be met, and told of, where the lines are read
            self.close()
            return part
        self._follows = part.name, part.end
        return part._replace(start=0, end=files.size(target), copy=os.fsencode(target))

    def _open(self, part: FileRange) -> bool:
        """Whether the file is packed; if so the stream stands at the first line at `start` or after it."""
        self.close()
        self._file = open_plainly(os.fsdecode(part.name))
        if not is_gzipped(self._file):
            return False
        self._stream = unpack(self._file, self._limits.document)
        if part.start:
            self._stream.seek(part.start - 1)
            skip_line(self._stream)
        return True

    def _read(self, part: FileRange) -> Iterator[bytes]:
        """The lines of a slice, of one over the limit only its start; the stream goes past all of it."""
        assert self._stream
        block = b""
        with files.naming(os.fsdecode(part.name)):
            for block in read_lines(self._stream, part.start, part.end, self._limits.slice, self._limits.document):
                yield block
            if block and not block.endswith(b"\n"):
                skip_line(self._stream)
