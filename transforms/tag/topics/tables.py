"""Tables of this folder: tab-separated, with a header, nothing quoted."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_text(file: str) -> str:
    """The text of a file in `data`."""
    return (DATA / file).read_text("utf-8")


def read_rows(text: str, columns: list[str]) -> list[list[str]]:
    """Rows under a header. Raises ValueError for another header, or a row of another width."""
    header, *rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in [header, *rows]:
        if len(row) != len(columns) or (row is header and row != columns):
            raise ValueError(f"expected columns {columns}, found {row}")
    return rows
