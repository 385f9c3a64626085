"""The Parse step: documents to entries, each counted as it is read."""

from apache_beam.metrics.metric import Metrics

from schemas.records import Document, Entry
from transforms.parse import Profile, parse_document
from transforms.progress import note


def parse_entries(document: Document, staging: str, page_profile: Profile = "accurate") -> list[Entry]:
    """All entries of a document; progress is noted in `staging`, if there is one.

    A document that cannot be used counts as one read, and raises the BadRecord that says why.
    """
    reads = 1
    try:
        entries = list(parse_document(document, page_profile))
        reads = len(entries)
        return entries
    finally:
        count_read(staging, reads, len(document.data))


def count_read(staging: str, reads: int, size: int) -> None:
    """Count a document, and the entries read in it; its bytes are for progress alone."""
    Metrics.counter("dateline", "documents").inc()
    Metrics.counter("dateline", "reads").inc(reads)
    if staging:
        note(staging, documents=1, entries=reads, bytes=size)
