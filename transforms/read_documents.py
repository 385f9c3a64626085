"""Files that match patterns, on any of Beam's filesystems, to documents."""

import os
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.io.filesystem import BeamIOError, FileMetadata
from apache_beam.io.filesystems import FileSystems
from apache_beam.pvalue import PBegin, PCollection

from schemas.errors import UsageError
from schemas.records import Document
from transforms.file_dates import date_in_path, date_of_change
from transforms.read_files import FileRange, ReadLimits, read_range, split_file

DEFAULT_LIMITS = ReadLimits()


class ReadDocuments(beam.PTransform[PBegin, PCollection[Document]]):
    """A document for each file that matches; several for JSON lines, one for each capture of a web archive.

    Files, and slices of large ones, are redistributed before they are read, so that every process has a part.
    `date_from`, `name` or `modified`, is where entries that give no date take theirs from. Where `parts` are given
    they are read, and nothing is matched.
    """

    def __init__(
        self,
        patterns: list[str],
        read_at: int,
        limits: ReadLimits = DEFAULT_LIMITS,
        date_from: str = "",
        parts: list[FileRange] | None = None,
    ) -> None:
        super().__init__()
        self.patterns = patterns
        self.parts = parts
        self.read_at = read_at
        self.limits = limits
        self.date_from = date_from

    def expand(self, root: PBegin) -> PCollection[Document]:
        """Match, redistribute, read."""
        if self.parts is None:
            patterns = root | "Patterns" >> beam.Create([self.patterns], reshuffle=False)
            ranges = patterns | "Match" >> beam.FlatMap(match_ranges, self.limits, self.date_from)
        else:
            parts = root | "Parts" >> beam.Create([self.parts], reshuffle=False)
            ranges = parts | "EachPart" >> beam.FlatMap(_each)
        spread = ranges | "Redistribute" >> beam.Reshuffle()
        documents: PCollection[Document] = spread | "Read" >> beam.FlatMap(read_range, self.read_at, self.limits)
        return documents


def find_inputs(patterns: list[str]) -> list[FileMetadata]:
    """The files that match, by path. Raises UsageError for a pattern that matches none or cannot be looked up."""
    found: dict[str, FileMetadata] = {}
    for pattern in patterns:
        try:
            files = match_files(pattern)
        except (BeamIOError, ValueError) as error:
            raise UsageError(f"--input {pattern}: {error}") from error
        if not files:
            raise UsageError(f"--input {pattern}: matches no file{_hint(pattern)}")
        found.update((file.path, file) for file in files)
    return [found[path] for path in sorted(found)]


def match_ranges(patterns: list[str], limits: ReadLimits, date_from: str = "") -> Iterator[FileRange]:
    """What is to be read of the files that match: each file once, however many patterns it matches.

    Raises UsageError for a pattern that matches none here, on the worker: it may be relative to another folder.
    """
    found = {pattern: match_files(pattern) for pattern in patterns}
    for pattern in [pattern for pattern, files in found.items() if not files]:
        raise UsageError(f"--input {pattern}: matches no file from {os.getcwd()}, where the worker runs")
    files = {file.path: file for matched in found.values() for file in matched}
    for path, file in sorted(files.items()):
        for part in split_file(path, file.size_in_bytes, limits):
            yield date_part(part, file, date_from)


def match_files(pattern: str) -> list[FileMetadata]:
    """The files that match a pattern, or that it names literally; no folders, sockets or pipes."""
    here = "" if os.path.dirname(pattern) else "./"  # Beam finds no pattern without a folder
    (matched,) = FileSystems.match([here + pattern])
    files = matched.metadata_list
    for file in files:
        file.path = file.path.removeprefix(here)
    if not files and FileSystems.exists(pattern):  # its name holds a bracket
        files = [_describe(pattern)]
    return [file for file in files if "://" in file.path or os.path.isfile(file.path)]


def _describe(path: str) -> FileMetadata:
    filesystem = FileSystems.get_filesystem(path)
    return FileMetadata(path, filesystem.size(path), filesystem.last_updated(path))


def date_part(part: FileRange, file: FileMetadata, date_from: str) -> FileRange:
    """A part of a file with the date of its entries that give none."""
    dated = ""
    if date_from == "modified":
        dated = date_of_change(file.last_updated_in_seconds)
    elif date_from == "name":
        dated = date_in_path(file.path)
    return part._replace(dated=dated, dated_by=date_from if dated else "")


def _each(parts: list[FileRange]) -> list[FileRange]:
    return parts


def _hint(pattern: str) -> str:
    return "; a folder is read by FOLDER/*" if os.path.isdir(pattern) else ""
