"""The feeds table: one row for each feed, in one file that each commit replaces."""

import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import FEEDS
from transforms.write.staged import Staged
from transforms.write.stored import list_files, read_stored


def read_feeds(output: str) -> pa.Table:
    """The stored feeds table, empty where there is none; a column that a file does not have yet is null.

    DatasetError names a file that cannot be read.
    """
    stored = map(read_stored, list_files(output, FEEDS.name))
    return pa.concat_tables([FEEDS.schema.empty_table(), *stored])


def merge_feeds(stored: pa.Table, polled: pa.Table) -> pa.Table:
    """The stored rows, replaced by the polled ones of the same url; of two polls of one url, the later."""
    by_time = [("last_fetched_at", "ascending", "at_start")]
    polled = polled.take(pc.sort_indices(polled, sort_keys=by_time))
    rows = pa.concat_tables([stored, polled]).combine_chunks()
    last = {url: row for row, url in enumerate(rows.column("url").to_pylist())}
    return rows.take(pa.array(sorted(last.values()), pa.int64()))


def replace_feeds(staged: Staged) -> None:
    """Prepares a commit: merges the staged feeds, if there are any, with the stored ones."""
    parts = staged.of(FEEDS)
    if parts:
        polled = pa.concat_tables([staged.read(part) for part in parts])
        staged.replace(FEEDS, merge_feeds(read_feeds(staged.run.output), polled))
