"""Full texts: which entries want the page that they link to, and what they take from it."""

from transforms.full_text.fetch_pages import FetchPages, PageSettings

__all__ = ["FetchPages", "PageSettings"]
