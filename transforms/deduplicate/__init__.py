"""Deduplicate: which entries are new articles, new versions, copies or repeats."""

from transforms.deduplicate.deduplicate import Deduplicate
from transforms.deduplicate.settings import DeduplicateSettings, DuplicateSettings

__all__ = ["Deduplicate", "DeduplicateSettings", "DuplicateSettings"]
