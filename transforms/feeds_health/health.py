"""The health of every feed of a dataset, as a table."""

import pyarrow as pa
import pyarrow.compute as pc

from transforms.feeds_health.carried import count_carried
from transforms.feeds_health.states import states_of
from transforms.feeds_health.unreadable import find_unreadable
from transforms.write.feeds_table import read_feeds

_NOT_SHOWN = ["etag", "last_modified", "body_hash", "full_text"]  # they say nothing to a reader


def read_health(output: str, now: int) -> pa.Table:
    """A row for each feed that was ever polled, those with the most failures first.

    What `read_states` gives, and `last_new_at`, `entries_per_day` and `duplicate_share` (of the last 30 days). `now`:
    microseconds since the epoch. DatasetError names a file that cannot be read.
    """
    health = read_states(output).join(count_carried(output, now), "url")
    return health.sort_by([("failures", "descending"), ("url", "ascending")])


def read_states(output: str) -> pa.Table:
    """A row for each feed that was ever polled: the columns of the feeds table that are for readers, and `state`.

    That is failing, gone, unreadable (well answered, but with what is no feed: `last_error` says what) or ok.
    DatasetError names a file that cannot be read.
    """
    feeds = read_feeds(output).drop_columns(_NOT_SHOWN)
    return _note_unreadable(feeds.append_column("state", states_of(feeds)).join(find_unreadable(output), "url"))


def _note_unreadable(feeds: pa.Table) -> pa.Table:
    is_last = pc.greater_equal(feeds["rejected_at"], feeds["last_changed_at"])
    is_unreadable = pc.fill_null(pc.and_(pc.equal(feeds["state"], "ok"), is_last), False)
    for name, other in (("state", pa.scalar("unreadable")), ("last_error", feeds["reject"])):
        value = pc.if_else(is_unreadable, other, feeds[name])
        feeds = feeds.set_column(feeds.column_names.index(name), name, value)
    return feeds.drop_columns(["rejected_at", "reject"])
