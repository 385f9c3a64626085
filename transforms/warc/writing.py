"""Fetched documents as WARC records, each a gzip member, that `captures` reads back and other tools read too."""

import io
import uuid

import orjson
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from schemas.records import Document
from transforms.warc.captures import KNOWN, KNOWN_FIELDS
from transforms.write.manifests import iso_time
from transforms.write.run import Run

_LEVEL = 6


def describe_run(run: Run) -> bytes:
    """The first record of a file: which run wrote it, with what."""
    fields = {"software": f"Dateline/{run.pipeline_version}", "format": "WARC File Format 1.1", "isPartOf": run.run_id}
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    headers = {"Content-Type": "application/warc-fields"}
    return _pack(WarcRecordType.warcinfo, f"{run.run_id} warcinfo", run.read_at, headers, block.encode())


def keep_document(document: Document, run_id: str) -> bytes:
    """A response record: the unpacked body, and all that it takes to parse it again.

    The same document gives the same bytes in every attempt at a run.
    """
    known = orjson.dumps({name: getattr(document, name) for name in KNOWN_FIELDS}).decode()
    media_type = "".join(filter(str.isprintable, document.media_type)).encode("latin-1", "replace")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (media_type, len(document.data))
    headers = {"WARC-Target-URI": document.url, KNOWN: known}
    name = f"{run_id} {document.source} {document.url}"
    return _pack(WarcRecordType.response, name, document.read_at, headers, head + document.data)


def _pack(kind: WarcRecordType, name: str, written_at: int, headers: dict[str, str], block: bytes) -> bytes:
    record = WarcRecord()
    record.init_headers(kind)
    record.is_http = kind == WarcRecordType.response
    record.record_id = f"<{uuid.uuid5(uuid.NAMESPACE_OID, name).urn}>"
    for field, value in {"WARC-Date": iso_time(written_at), **headers}.items():
        record.headers[field] = value
    record.set_bytes_content(block)
    packed = io.BytesIO()
    member = GzipWriter(packed, compression_level=_LEVEL)
    record.write(member, checksum_data=True)
    member.finish()
    return packed.getvalue()
