"""Bytes to entries: every format that news comes in, told apart by content."""

from transforms.parse.documents import parse_document
from transforms.parse.page.body import Profile

__all__ = ["Profile", "parse_document"]
