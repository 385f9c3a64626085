"""The records that pass between stages, one for each guarantee.

Times are microseconds since the epoch, UTC, or None where unknown. Lists are lists, never tuples: Beam's row
coder makes no difference. `Optional[X]`, not `X | None`, which it takes for Any: a runner in Java cannot read that.
"""

from dataclasses import dataclass, field
from typing import Optional, TypeVar, dataclass_transform

Record = TypeVar("Record")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[Record]) -> type[Record]:
    """A slotted dataclass, frozen to the type checker alone: one that Python freezes takes 4x as long to make."""
    return dataclass(slots=True)(cls)


@record
class Document:
    """Bytes as read, or the reason why they could not be read (`failure` is the name of a `BadRecord`)."""

    source: str  # the feed's URL or the file's path, without credentials
    data: bytes
    read_at: int
    url: str = ""  # where the bytes came from after redirects; the base of relative links
    media_type: str = ""  # as the server declared it, parameters included; empty for files
    is_feed: bool = False  # fetched as a feed, so anything else in it is an error
    is_lines: bool = False  # a slice, at line ends, of a JSON lines file
    collection: str = ""  # the folder of the feed list
    zone: str = ""  # the time zone to assume where a date gives none
    dated: str = ""  # the date of entries that give none: that of the file, where it was asked for
    dated_by: str = ""  # name or modified; their published_source
    failure: str = ""
    detail: str = ""


@record
class Entry:
    """One entry as its source gave it: strings found, nothing judged. Lone surrogates are scrubbed."""

    source: str  # the feed's own address where it is known, else the file's path
    read_at: int
    feed_url: str = ""
    collection: str = ""
    zone: str = ""
    guid: str = ""
    link: str = ""  # resolved to an absolute URL where a base is known
    link_is_shared: bool = False  # the feed's home page, or the link of many entries: no key
    title: str = ""
    description: str = ""
    body: str = ""
    markup: list[str] = field(default_factory=list)  # which of title, description, body hold HTML
    credit: str = ""
    publisher: str = ""  # the entry's own `source`, where it names one
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    image_url: str = ""
    rights: str = ""
    paywalled: Optional[bool] = None
    language: str = ""  # as declared
    published_raw: str = ""
    published_source: str = ""  # entry, updated, page, json, header, name, modified
    updated_raw: str = ""
    feed_updated_raw: str = ""  # the document's own date; orders versions, is never an article's date
    flags: list[str] = field(default_factory=list)  # quality flags that are known before cleaning
    from_page: list[str] = field(default_factory=list)  # the fields taken from the page that the entry links to
    failure: str = ""  # the name of a `BadRecord`, where no article can be made; `body` holds the raw text
    detail: str = ""
    is_line: bool = False  # the raw text is a line of JSON, whole


@record
class Article:
    """A cleaned entry: text is NFC plain text, paragraphs separated by a blank line; URLs are canonical."""

    source: str
    feed_url: str
    collection: str
    guid: str
    url: str  # canonical, or empty
    url_is_key: bool
    publisher: str
    title: str
    description: str
    body: str
    credit: str
    content_kind: str  # full or summary
    from_page: bool  # whether the body is that of the page that the entry links to
    authors: list[str]
    categories: list[str]
    image_url: str
    rights: str
    paywalled: Optional[bool]
    language: str
    language_score: float
    word_count: int  # of the body, else of the description
    published_at: Optional[int]
    published_raw: str
    published_source: str
    published_precision: str  # second, minute, day, or empty
    published_zone: str  # given, assumed, or empty
    updated_at: Optional[int]
    feed_updated_at: Optional[int]
    read_at: int
    quality_flags: list[str]


@record
class Reject:
    """What could not be used, and why."""

    stage: str  # fetch, read, parse, clean
    reason: str  # the name of a BadRecord
    detail: str
    source: str
    payload: bytes  # the document's bytes, or the entry as JSON; capped
    payload_kind: str  # document or entry
    payload_size: int  # bytes, before the cap
    context: str = ""  # of the Document or Entry what the payload does not say, as JSON


@record
class FeedState:
    """What is known of a feed: validators, health, when to poll it next. One row of the feeds table."""

    url: str  # as configured, without credentials
    title: str
    collection: str
    moved_to: str  # the target of permanent redirects, or empty
    etag: str
    last_modified: str
    body_hash: str
    status: Optional[int]  # of the last answer
    last_error: str
    failures: int  # in a row
    last_fetched_at: Optional[int]
    last_ok_at: Optional[int]
    last_changed_at: Optional[int]
    next_poll_at: Optional[int]
    full_text: Optional[bool]  # whether the pages of all its entries have been asked for; None where none were to be
    failing_since: Optional[int] = None  # the first of these failures
    gone_at: Optional[int] = None  # when it was found to be gone, so that it is polled no more
