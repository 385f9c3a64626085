"""Files that match patterns, on any of Beam's filesystems, to documents."""

import os
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.io.filesystem import BeamIOError, FileMetadata
from apache_beam.io.filesystems import FileSystems
from apache_beam.pvalue import PBegin, PCollection

from schemas.errors import UsageError
from schemas.records import Document
from transforms.read_files import FileRange, ReadLimits, read_range, split_file

DEFAULT_LIMITS = ReadLimits()


class ReadDocuments(beam.PTransform[PBegin, PCollection[Document]]):
    """A document for each file that matches; several for JSON lines.

    Files, and slices of large ones, are redistributed before they are read, so that every process has a part.
    """

    def __init__(self, patterns: list[str], read_at: int, limits: ReadLimits = DEFAULT_LIMITS) -> None:
        super().__init__()
        self.patterns = patterns
        self.read_at = read_at
        self.limits = limits

    def expand(self, root: PBegin) -> PCollection[Document]:
        """Match, redistribute, read."""
        ranges = (
            root
            | "Patterns" >> beam.Create([self.patterns], reshuffle=False)
            | "Match" >> beam.FlatMap(match_ranges, self.limits)
            | "Redistribute" >> beam.Reshuffle()
        )
        documents: PCollection[Document] = ranges | "Read" >> beam.FlatMap(read_range, self.read_at, self.limits)
        return documents


def check_inputs(patterns: list[str]) -> int:
    """How many files the patterns match. Raises UsageError for one that matches none or cannot be looked up."""
    found: set[str] = set()
    for pattern in patterns:
        try:
            files = match_files(pattern)
        except (BeamIOError, ValueError) as error:
            raise UsageError(f"--input {pattern}: {error}") from error
        if not files:
            raise UsageError(f"--input {pattern}: matches no file{_hint(pattern)}")
        found.update(file.path for file in files)
    return len(found)


def match_ranges(patterns: list[str], limits: ReadLimits) -> Iterator[FileRange]:
    """What is to be read of the files that match: each file once, however many patterns it matches."""
    files = {file.path: file for pattern in patterns for file in match_files(pattern)}
    for path, file in sorted(files.items()):
        yield from split_file(path, file.size_in_bytes, limits)


def match_files(pattern: str) -> list[FileMetadata]:
    """The files that match a pattern, or that it names literally; no folders, sockets or pipes."""
    (matched,) = FileSystems.match([pattern])
    files = matched.metadata_list
    if not files and FileSystems.exists(pattern):  # its name holds a bracket
        files = [FileMetadata(pattern, _size(pattern))]
    return [file for file in files if "://" in file.path or os.path.isfile(file.path)]


def _size(path: str) -> int:
    return FileSystems.get_filesystem(path).size(path)


def _hint(pattern: str) -> str:
    return "; a folder is read by FOLDER/*" if os.path.isdir(pattern) else ""
