"""Bytes to entries: every format that news comes in, told apart by content."""

from transforms.parse.documents import parse_document

__all__ = ["parse_document"]
