"""A compaction as the command runs it, and what it says."""

from collections.abc import Iterator
from typing import Any

from pipelines.failures import readable
from pipelines.terminal import complain, say
from schemas.errors import DatelineError
from transforms.compact import AFTER_INGEST, Choice, compact
from transforms.count_of import count_of, noun


def compact_dataset(output: str, choice: Choice, read_at: int) -> dict[str, Any] | None:
    """As `compact`, with a DatelineError for an OSError."""
    with readable(lambda: "what was joined before that stays joined"):
        return compact(output, choice, read_at)


def compact_after(output: str, read_at: int) -> None:
    """Compact after a run, which stays well done if this fails: that is said, and the next one tries again."""
    try:
        saved = compact_dataset(output, AFTER_INGEST, read_at)
    except DatelineError as error:
        complain(f"the run has committed, but its small files were not joined: {error}")
        return
    if saved:
        say(saved_lines(saved))


def saved_lines(saved: dict[str, Any]) -> Iterator[str]:
    """What a compaction saved, a line for each table."""
    yield f"Compacted in {saved['seconds']:.1f} s"
    for name, table in saved["compacted"].items():
        repeats = f", {count_of(table['repeats'], 'repeat')} dropped" if table["repeats"] else ""
        yield (
            f"  {name:<17}{_size(table, 'before')}  to {_size(table, 'after')}"
            f"  in {count_of(table['partitions'], 'partition')}{repeats}"
        )


def _size(table: dict[str, int], when: str) -> str:
    files = table[f"files_{when}"]
    return f"{files:>7,} {noun(files, 'file'):<5} {table[f'bytes_{when}'] / 1e6:>9,.1f} MB"
