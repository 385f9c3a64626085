"""Where the tables of topics are."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_text(file: str) -> str:
    """The text of a file in `data`."""
    return (DATA / file).read_text("utf-8")
