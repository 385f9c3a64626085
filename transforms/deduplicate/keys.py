"""Exact keys of articles, and the packed rows of facts that deduplication works on."""

from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.keys import ALWAYS, FACTS, NEVER
from schemas.records import Article
from transforms.clean.variants import key_address

# Texts this long are told apart by themselves; shorter ones only together with their title.
TEXT_ALONE_WORDS = 50
# Below this a text says too little to be the same as another, unless it is all that an entry has.
TEXT_KEY_WORDS = 8

DAY = 86_400_000_000

# All that tells two readings of an entry apart: not when it was read, nor the feed's own date, new at each poll.
_carried = attrgetter(*(name for name in Article.__dataclass_fields__ if name not in ("read_at", "feed_updated_at")))


def hash_key(*parts: str) -> int:
    """A 64-bit key: the first 8 bytes of BLAKE2b over the parts, each ended by a unit separator; never 0."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


@lru_cache(4096)
def name_key(kind: str, name: str) -> int:
    """The key of a source or an outlet: a few names are those of very many articles."""
    return hash_key(kind, name)


def url_key(article: Article) -> int:
    """The key of the URL, the same for all addresses of its page (`key_address`)."""
    return hash_key("url", key_address(article.url)) if article.url_is_key else 0


def guid_key(article: Article) -> int:
    """The key of the guid, which means something only within its source."""
    return hash_key("guid", article.source, article.guid) if article.guid else 0


def text_key(article: Article, has_other_key: bool) -> int:
    """The key of the text: the body, else the description, with the title where that is short."""
    words = _collapse(article.body or article.description)
    if words.count(" ") < TEXT_ALONE_WORDS - 1:
        words = _collapse(f"{article.title} {words}")
    if has_other_key and words.count(" ") < TEXT_KEY_WORDS - 1:
        return 0
    return hash_key("text", words.casefold())


def content_key(article: Article) -> int:
    """The hash that tells versions apart: title, description and body; white space makes no difference."""
    return hash_key("content", *map(_collapse, (article.title, article.description, article.body)))


@lru_cache(4)
def _collapse(text: str) -> str:
    """The text with single spaces; the one in hand is asked for twice."""
    return " ".join(text.split())


def reject_key(stage: str, reason: str, source: str, payload: bytes) -> int:
    """The key of a reject: the same failure of the same input is written once."""
    return hash_key("reject", stage, reason, source, blake2b(payload, digest_size=16).hexdigest())


def reject_keys(rows: pa.Table) -> NDArray[np.uint64]:
    """The key of each row of REJECTS."""
    columns = (rows[name].to_pylist() for name in ("stage", "reason", "source", "payload"))
    return np.array([reject_key(*values) for values in zip(*columns, strict=True)], np.uint64)


def filing_day(article: Article) -> int:
    """Days since the epoch: the day published, else the day read."""
    return (article.read_at if article.published_at is None else article.published_at) // DAY


def _facts_row(article: Article) -> tuple[int | bool, ...]:
    url, guid = url_key(article), guid_key(article)
    text, content = text_key(article, bool(url or guid)), content_key(article)
    first = url or guid or text
    published = NEVER if article.published_at is None else article.published_at
    updated = next((t for t in (article.updated_at, article.feed_updated_at) if t is not None), ALWAYS)
    source = name_key("source", article.source)
    uid = hash_key("occurrence", *map(str, _carried(article)))
    full = article.from_page or article.content_kind == "full"  # a page that breaks off is more than the feed has
    times = published, updated, article.read_at, filing_day(article)
    return uid, first, url, guid, text, content, source, first, *times, full


def gather_facts(articles: list[Article]) -> NDArray[np.void]:
    """FACTS rows, one for each article, without what its text is compared by."""
    names = FACTS.names[:13] if FACTS.names else ()
    facts = np.zeros(len(articles), FACTS)
    for name, values in zip(names, zip(*map(_facts_row, articles), strict=True), strict=True):
        facts[name] = values
    facts["outlet"] = [name_key("outlet", article.publisher or article.source) for article in articles]
    return facts
