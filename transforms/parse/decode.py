"""Bytes to text: which encoding a document is in."""

import codecs
from contextlib import suppress

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

from schemas.errors import NotText

_SNIFFED_BYTES = 8192
_WIDE_SHARE = 0.5  # of NUL among every other byte: ASCII, and most of what the Latin alphabet writes
_BINARY_SHARE = 0.02  # of control bytes; compressed data has about 0.1
_CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_ASCII = bytes(range(128))
_SEVEN_BIT = ("iso2022", "hz")  # valid UTF-8 whatever they say
# XML 1.0, appendix F: a "<" without a byte order mark; the longer ones first.
_WIDE_MARKUP = {b"<\0\0\0": "utf-32-le", b"\0\0\0<": "utf-32-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
# Python codecs that are no charset of a document, or could not have been read as far as the declaration.
_NO_CHARSETS = "utf-16 utf-32 idna punycode unicode raw undefined base64 bz2 hex quopri rot uu zlib"
_REFUSED = tuple(_NO_CHARSETS.split())


def decode(data: bytes, media_type: str = "") -> str:
    """The text of a document, without byte order mark, and with a space for each NUL: it may stand between words.

    In this order: a byte order mark; UTF-16 by its many NUL bytes; UTF-8 where the bytes are that; the encoding that
    `media_type`, the XML declaration or a meta element declares; Windows-1252. Single bytes that are no UTF-8 in a
    text that mostly is are read as Windows-1252 too. Raises NotText for binary content.
    """
    text = _decode_marked(data)
    if text is None:
        if is_binary(data):
            raise NotText(f"binary content starting with {data[:12].hex(' ')}")
        text = _decode_unmarked(data, media_type)
    text = text.removeprefix("\ufeff")
    return text.replace("\0", " ") if b"\0" in data else text  # in wide strings NUL is slow to look for


def is_binary(data: bytes) -> bool:
    """Whether the start of the bytes holds too many control characters for a text in any 8-bit encoding."""
    head = data[:_SNIFFED_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    return head.startswith(b"%PDF-") or controls > _BINARY_SHARE * len(head)


def _decode_marked(data: bytes) -> str | None:
    encoding, mark = read_bom(data)
    if encoding and mark:
        return data[len(mark) :].decode(encoding, _ERRORS if encoding == "utf-8" else "replace")
    for start, wide in _WIDE_MARKUP.items():
        if data.startswith(start):
            return data.decode(wide, "replace")
    wide = _wide_encoding(data) if b"\0" in data else ""
    return data.decode(wide, "replace") if wide else None


def _wide_encoding(data: bytes) -> str:
    """UTF-16 of one byte order, where NUL is often the first or the second of two bytes and never the other."""
    head = data[:_SNIFFED_BYTES]
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) < _WIDE_SHARE * len(head) / 2 or min(first, second):
        return ""
    wide = "utf-16-be" if first else "utf-16-le"
    return "" if is_binary(head.decode(wide, "replace").encode()) else wide


def _declared_encoding(data: bytes, media_type: str) -> str | None:
    for name in (http_content_type_encoding(media_type), html_body_declared_encoding(data[:4096])):
        if name and not name.startswith(_REFUSED):
            return name
    return None


def _decode_unmarked(data: bytes, media_type: str) -> str:
    if not (data.isascii() and (b"\x1b" in data or b"~" in data)):  # as the encodings of seven bits are
        with suppress(UnicodeDecodeError):
            return data.decode()
    declared = _declared_encoding(data, media_type)
    if declared and declared.startswith(_SEVEN_BIT):
        return data.decode(declared, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        good, bad = _count_sequences(data)
    if declared and declared != "utf-8":
        return data.decode("utf-8", _ERRORS) if good > 4 * bad else to_unicode(data, declared)
    return data.decode("utf-8", _ERRORS) if good > bad else to_unicode(data, "cp1252")


def _count_sequences(data: bytes) -> tuple[int, int]:
    """How many UTF-8 sequences of several bytes are well formed, and how many are not."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    ascii_count = len(data) - len(data.translate(None, _ASCII))
    return len(text) - ascii_count - bad, bad


def _read_as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_ERRORS = "dateline_windows_1252"
codecs.register_error(_ERRORS, _read_as_windows_1252)
