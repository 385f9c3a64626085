"""Compaction: many small files of a partition become few sorted ones, while others read and write."""

from transforms.compact.compact_dataset import compact
from transforms.compact.plan import AFTER_INGEST, EVERYTHING, Choice

__all__ = ["AFTER_INGEST", "EVERYTHING", "Choice", "compact"]
