"""Pages that are made from the code say what the code says."""

from pathlib import Path

from schemas.columns_page import columns_page

DOCS = Path(__file__).parent.parent / "docs"


def test_columns_page_is_current() -> None:
    assert (DOCS / "columns.md").read_text() == columns_page()
