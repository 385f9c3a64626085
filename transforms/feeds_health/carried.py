"""What each source has carried, from the sightings: a row each time that a source carries an article first."""

import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import TIME
from schemas.tables import SIGHTINGS
from transforms.write.stored import list_files, read_anew, read_stored

DAY = 86_400_000_000  # microseconds
DAYS = 30  # that rates and shares are of

_COLUMNS = ("source", "relation", "published_at", "first_seen_at")
_FIRST = "original"
_NOT_NEW = "reverted"
_AGGREGATES = [("last_new_at", "max"), ("since", "min"), ("recent", "sum"), ("copies", "sum")]


def count_carried(output: str, now: int) -> pa.Table:
    """For each source: `last_new_at`, `entries_per_day` and `duplicate_share`, of the last 30 days; null for none.

    An entry counts on the day that its source published it, or else on the day that it was read: the first poll of
    a feed brings what it published in weeks. `now` is in microseconds since the epoch.
    DatasetError names a file that cannot be read.
    """
    parts = read_anew(lambda: [_count(read_stored(path, _COLUMNS), now) for path in list_files(output, SIGHTINGS.name)])
    return _rates(_sum(pa.concat_tables([_count(SIGHTINGS.schema.empty_table(), now), *parts])), now)


def _count(sightings: pa.Table, now: int) -> pa.Table:
    rows = sightings.filter(pc.not_equal(sightings["relation"], _NOT_NEW))
    at = pc.coalesce(rows["published_at"], rows["first_seen_at"])
    is_recent = pc.greater(at, pa.scalar(now - DAYS * DAY, TIME))
    is_copy = pc.and_(is_recent, pc.not_equal(rows["relation"], _FIRST))
    return _sum(
        pa.table(
            {
                "source": rows["source"].cast(pa.string()),
                "last_new_at": rows["first_seen_at"],
                "since": pc.if_else(is_recent, at, pa.scalar(None, TIME)),
                "recent": is_recent.cast(pa.int64()),
                "copies": is_copy.cast(pa.int64()),
            }
        )
    )


def _sum(counted: pa.Table) -> pa.Table:
    summed = counted.group_by("source").aggregate(_AGGREGATES)
    return summed.rename_columns({f"{name}_{how}": name for name, how in _AGGREGATES})


def _rates(counted: pa.Table, now: int) -> pa.Table:
    age = pc.subtract(pa.scalar(now, pa.int64()), counted["since"].cast(pa.int64()))
    days = pc.max_element_wise(pc.divide(age.cast(pa.float64()), float(DAY)), 1.0)
    recent = counted["recent"].cast(pa.float64())
    return pa.table(
        {
            "url": counted["source"],
            "last_new_at": counted["last_new_at"],
            "entries_per_day": pc.divide(recent, days),
            "duplicate_share": pc.divide(
                counted["copies"].cast(pa.float64()), pc.if_else(pc.greater(recent, 0), recent, None)
            ),
        }
    )
