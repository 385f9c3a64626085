"""Feeds that are answered well, with something that is no feed: a page to sign in, a parked domain."""

import json

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import TIME
from schemas.tables import REJECTS
from transforms.write.stored import list_files, read_anew, read_stored

_COLUMNS = ("stage", "reason", "detail", "source", "payload_kind", "context", "first_seen_at")


def find_unreadable(output: str) -> pa.Table:
    """Of each source the last document that could not be read: `url`, `rejected_at` and `reject`, the reason.

    `rejected_at` is when it was fetched: in a stream its window may end long after that, and hold a good answer, too.
    DatasetError names a file that cannot be read.
    """
    parts = read_anew(lambda: [_documents(read_stored(path, _COLUMNS)) for path in list_files(output, REJECTS.name)])
    rows = pa.concat_tables([_documents(REJECTS.schema.empty_table()), *parts]).sort_by("rejected_at")
    last = rows.group_by("url", use_threads=False).aggregate([("rejected_at", "last"), ("reject", "last")])
    return last.rename_columns({"rejected_at_last": "rejected_at", "reject_last": "reject"})


def _documents(rejects: pa.Table) -> pa.Table:
    is_document = pc.and_(pc.equal(rejects["stage"], "parse"), pc.equal(rejects["payload_kind"], "document"))
    rows = rejects.filter(is_document)
    reject = pc.binary_join_element_wise(rows["reason"].cast(pa.string()), rows["detail"], ": ")
    fetched = [json.loads(context)["read_at"] if context else None for context in rows["context"].to_pylist()]
    rejected_at = pc.coalesce(pa.chunked_array([fetched], pa.int64()).cast(TIME), rows["first_seen_at"])
    return pa.table({"url": rows["source"].cast(pa.string()), "rejected_at": rejected_at, "reject": reject})
