"""Tables of facts: tab-separated, with a header, nothing quoted."""

import csv


def read_rows(text: str, columns: list[str]) -> list[list[str]]:
    """Rows under a header. Raises ValueError for another header, or a row of another width."""
    header, *rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if header != columns:
        raise ValueError(f"columns {header}, expected {columns}")
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} columns in {row}, expected {columns}")
    return rows
