"""Compaction: many small files of a partition become few sorted ones, while others read and write."""

from transforms.compact.join import join_all
from transforms.compact.plan import AFTER_INGEST, EVERYTHING, Choice, Join, plan_joins
from transforms.compact.swap import swap

__all__ = ["AFTER_INGEST", "EVERYTHING", "Choice", "Join", "join_all", "plan_joins", "swap"]
