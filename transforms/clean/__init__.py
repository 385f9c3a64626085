"""Entries to articles: clean text, canonical URLs, dates in UTC, languages, publishers."""

from transforms.clean.article import CleanSettings, to_article

__all__ = ["CleanSettings", "to_article"]
