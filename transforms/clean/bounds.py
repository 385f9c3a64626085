"""Bounds on what is cleaned."""

from schemas.errors import TooLarge
from schemas.records import Entry

MAX_TEXT = 4 << 20  # characters of title, description and body together


def check_size(entry: Entry) -> None:
    """Raises TooLarge for an entry of more than 4 Mi characters of text."""
    size = len(entry.title) + len(entry.description) + len(entry.body)
    if size > MAX_TEXT:
        raise TooLarge(f"an entry of {size:,} characters (at most {MAX_TEXT:,})")
