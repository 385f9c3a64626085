"""Where the template of a text comes from: the articles over which its lines are counted together."""

from functools import lru_cache
from hashlib import blake2b

from schemas.records import Article


def origin_of(article: Article) -> bytes:
    """8 bytes for the feed of an article; without a feed for its publisher, else for its source or its folder.

    A page's source is its own address or path, and so says nothing of other pages; the publisher does. A raw
    text has no publisher: texts of one folder are taken to be of one source.
    """
    if article.feed_url:
        return _hash("feed", article.feed_url)
    if article.publisher:
        return _hash("publisher", article.publisher)
    return _hash("folder", article.source.rpartition("/")[0] or article.source)


@lru_cache(maxsize=65_536)
def _hash(kind: str, name: str) -> bytes:
    return blake2b(f"{kind}\x1f{name}".encode(), digest_size=8).digest()
