"""What follows each run that has committed."""

from pipelines.compact import compact_after
from pipelines.iceberg import sync_after


def tidy_up(output: str, read_at: int, compact: bool = True) -> None:
    """Join small files, if so wished, and let Iceberg tables follow. The run stays well done if this fails."""
    if compact:
        compact_after(output, read_at)
    sync_after(output)
