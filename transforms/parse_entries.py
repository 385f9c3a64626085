"""The Parse step: documents to entries, each counted as it is read."""

from apache_beam.metrics.metric import Metrics

from schemas.errors import BadRecord
from schemas.records import Document, Entry
from transforms.parse import parse_document


def parse_entries(document: Document) -> list[Entry]:
    """All entries of a document. A document that cannot be used counts as one read too.

    Raises the BadRecord that says why it cannot.
    """
    reads = Metrics.counter("dateline", "reads")
    Metrics.counter("dateline", "documents").inc()
    try:
        entries = list(parse_document(document))
    except BadRecord:
        reads.inc()
        raise
    reads.inc(len(entries))
    return entries
