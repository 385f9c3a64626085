"""WARC records for tests, written byte by byte."""

import gzip

PAGE = b"<html><body><p>The ferry sails.</p></body></html>"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def warc_record(number: int, body: bytes = PAGE, http: bytes = HTML, **given: str) -> bytes:
    """A response record of https://harbour.example.org/<number>; fields given replace those it would have."""
    block = http + b"\r\n" + body if http else body
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date": "2025-03-20T10:00:00Z",
        "WARC-Target-URI": f"https://harbour.example.org/{number}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in given.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """The records as gzip members."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)
