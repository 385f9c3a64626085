"""Kept documents without what is forgotten: raw files are written anew, record by record."""

import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO

from transforms.deduplicate.stored.forgotten import Forgotten
from transforms.forget.documents import without_forgotten
from transforms.forget.mentions import has_address
from transforms.reclean.kept import Kept, read_kept
from transforms.warc.captures import describe_capture
from transforms.warc.records import Damaged, read_records
from transforms.warc.writing import keep_document
from transforms.write import files
from transforms.write.raw import list_raw, raw_target
from transforms.write.run import staged_path
from transforms.write.staged import Staged

_BLOCK_BYTES = 1 << 16


def drop_old(staged: Staged, before: str) -> int:
    """Lists for removal what was fetched before a date; the number of files."""
    old = [path for path in list_raw(staged.run.output) if _date(path) < before]
    for path in old:
        staged.remove(path)
    return len(old)


def cut_raw(staged: Staged, carried: set[str], pages: Forgotten, forgotten: Forgotten) -> int:
    """Stages raw files anew without what was taken down; the number of documents that were changed or dropped.

    `carried`: the sources that have carried any of it; other feeds are not looked into. `pages`: by whose addresses
    pages go. What cannot be read of a file goes, too.
    """
    changed = 0
    for number, path in enumerate(list_raw(staged.run.output)):
        data = files.read_bytes(path)
        records = list(_cut(data, path, carried, pages, forgotten, staged))
        if news := sum(new is not None for _, new in records):
            changed += news
            staged.remove(path)
            pieces = [_member(data, start) if new is None else new for start, new in records]
            if any(pieces):
                target = raw_target(_date(path), staged.run.run_id, number)
                about = _member(data, 0)  # which run wrote the file
                files.write_pieces(staged_path(staged.run.staging, target), [about, *pieces])
                staged.raw.append(target)
    return changed


def _date(path: str) -> str:
    return path.partition("/date=")[2].partition("/")[0]


def _cut(
    data: bytes, path: str, carried: set[str], pages: Forgotten, forgotten: Forgotten, staged: Staged
) -> Iterator[tuple[int, bytes | None]]:
    """Where each record starts, and what takes its place: nothing where it goes, None where it stays as it is."""
    now = staged.run.read_at
    for found in read_records(BytesIO(data), partial(describe_capture, archive=path, now=now)):
        if found is None or isinstance(found, Damaged):
            yield 0, b""
            continue
        described, start = found
        if described.failure or has_address((described.source, described.url), pages):
            yield start, b""
        elif described.source in carried or forgotten.has_source(described.source):
            yield start, _cut_record(Kept(described.read_at, path, start), forgotten, staged)
        else:
            yield start, None


def _member(data: bytes, start: int) -> bytes:
    """The gzip member that starts there."""
    member, at = zlib.decompressobj(16 + zlib.MAX_WBITS), start
    while not member.eof:
        member.decompress(data[at : at + _BLOCK_BYTES])
        at += _BLOCK_BYTES
    return data[start : min(at, len(data)) - len(member.unused_data)]


def _cut_record(kept: Kept, forgotten: Forgotten, staged: Staged) -> bytes | None:
    document = read_kept(kept, staged.run.read_at)
    rest = None if document.failure else without_forgotten(document, forgotten)
    if rest is document:
        return None
    return keep_document(rest, staged.run.run_id) if rest else b""
