"""What a WARC file captured, to documents: pages, feeds and texts that were answered with status 200.

The records that a run with `--keep_raw` wrote carry one header more, `Dateline-Document`: what was known of the
document besides its bytes, as JSON.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastwarc.warc import HeaderMap, WarcRecord, WarcRecordType

from schemas.errors import BadRecord, Malformed, TooLarge
from schemas.records import Document
from transforms.fetch.urls import split_credentials
from transforms.parse.decode import is_binary
from transforms.warc.bodies import plain_body

KNOWN = "Dateline-Document"
KNOWN_FIELDS = {"source": str, "is_feed": bool, "collection": str, "zone": str}

_TEXT = re.compile(
    r"text/(?:html|plain|xml)\b|application/(?:xml|json|(?:x-)?ndjson|jsonl|[^;\s]+\+(?:xml|json))\b", re.I
)
_ROBOTS = re.compile(r"https?://[^/?#]+/robots\.txt(?:[?#].*)?", re.I)
_FIRST_YEAR = 1990  # of the web
_LONGEST_TYPE = 200  # characters of a media type that are kept
_PAYLOAD_BYTES = 64 << 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_capture(record: WarcRecord, archive: str, now: int, limit: int) -> Document | None:
    """The document in a response or resource record; None for what is no text: images, errors, robots.txt.

    Its source is the address that was captured, and it was read when it was captured: what it could know of the
    future ended there. `now`, the run's clock, is the latest that a capture can be. One that cannot be used is a
    document of `archive` whose `failure` says why. Raises OSError for a damaged record.
    """
    headers = _own_headers(record)
    url = _address(record)
    is_kept = KNOWN in record.headers
    if headers is None or not (is_kept or _is_text(headers.get("Content-Type") or "", url)):
        return None
    data = record.reader.read(min(record.content_length, limit) + 1)
    if len(data) < record.content_length and len(data) <= limit:
        raise OSError(f"{len(data):,} of {record.content_length:,} bytes: cut short")
    try:
        document = _document(record.headers, headers, url, _body(headers, data, limit), now)
        return document if is_kept or document.media_type or not is_binary(document.data) else None
    except BadRecord as error:
        return _failure(record, archive, now, error, data)


def describe_capture(record: WarcRecord, archive: str, now: int) -> tuple[Document, int] | None:
    """The document of a record that a run kept, without its bytes, and the byte at which the record starts."""
    if KNOWN not in record.headers:
        return None
    try:
        return _document(record.headers, record.headers, _address(record), b"", now), record.stream_pos
    except BadRecord as error:
        return _failure(record, archive, now, error, b""), record.stream_pos


def _failure(record: WarcRecord, archive: str, now: int, error: BadRecord, data: bytes) -> Document:
    detail = f"{error}; the record at byte {record.stream_pos:,}, {_address(record)[:200]}"
    return Document(archive, data[:_PAYLOAD_BYTES], now, failure=type(error).__name__, detail=detail)


def _address(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<> \t")


def _own_headers(record: WarcRecord) -> HeaderMap | None:
    """The headers that describe the body: the answer's, or the record's; None for an answer that is not 200.

    Crawlers keep what the DNS answered as a response too, which has no headers.
    """
    if record.record_type == WarcRecordType.resource:
        return record.headers
    record.parse_http(quirks_mode=True)
    answer = record.http_headers
    return answer if answer is not None and answer.status_code == 200 else None


def _is_text(media_type: str, url: str) -> bool:
    return (not media_type or _TEXT.match(media_type.strip()) is not None) and not _ROBOTS.fullmatch(url)


def _body(headers: HeaderMap, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise TooLarge(f"a capture of over {limit:,} bytes")
    return plain_body(data, headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or "", limit)


def _document(warc: HeaderMap, headers: HeaderMap, url: str, data: bytes, now: int) -> Document:
    if not url or not url.isprintable():
        raise Malformed(f"WARC-Target-URI {url[:200]!r}")
    known = _known(warc.get(KNOWN))
    return Document(
        data=data,
        read_at=min(_captured_at(warc.get("WARC-Date") or ""), now),
        url=url,
        media_type=(headers.get("Content-Type") or "")[:_LONGEST_TYPE],
        **{"source": _without_credentials(url)} | known,
    )


def _captured_at(text: str) -> int:
    try:
        captured = datetime.fromisoformat(text)
        if captured.year < _FIRST_YEAR:
            raise ValueError
        return (captured - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, TypeError):  # TypeError: without a zone
        raise Malformed(f"WARC-Date {text[:50]!r}") from None


def _without_credentials(url: str) -> str:
    try:
        return split_credentials(url)[0]
    except ValueError:  # a file's
        return url


def _known(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        known = orjson.loads(text)
        if not isinstance(known, dict) or any(type(known.get(name)) is not kind for name, kind in KNOWN_FIELDS.items()):
            raise ValueError
        if known["zone"]:
            ZoneInfo(known["zone"])
    except (ValueError, OSError, KeyError):  # the last two for a zone that is none
        raise Malformed(f"{KNOWN} {text[:100]!r}") from None
    return {name: known[name] for name in KNOWN_FIELDS}
