"""Entries and the pages they link to: which entries want one, and what each takes from it."""

import re
from dataclasses import fields, replace
from typing import Any

from schemas.errors import EmptyArticle, NoFullText
from schemas.records import Entry
from transforms.clean.markup import line_to_text, markup_to_text
from transforms.clean.publisher import registrable_domain
from transforms.clean.reading import read_text
from transforms.clean.urls import canonical_url, is_key_url, web_address
from transforms.deduplicate.keys import hash_key

UNAVAILABLE = "page_unavailable"
FILE_DATES = ("name", "modified")  # sources of a date that is the file's: the page knows better

_ALIKE = 0.5  # of the words of an entry's title or summary, in the page
_SHORT = 200  # characters; no summary so short is a full text
# Words of four letters or more and numbers; all pairs of neighbours where a script does not part its words.
_UNPARTED = r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]"
_WORD = re.compile(rf"(?=({_UNPARTED}{{2}})){_UNPARTED}|(\d+|[^\W\d_]{{4,}})")
_FILLED = (
    "title", "description", "credit", "publisher", "authors", "categories", "image_url", "rights", "paywalled",
    "language", "updated_raw",
)  # fmt: skip
_BLANK = Entry("", 0)
_NOTHING: tuple[Any, ...] = ("", [], None)
# Not the entry's own: when it was read, and what the feed list says of its feed.
_KEYLESS = ("read_at", "feed_updated_raw", "collection", "zone")


def page_address(entry: Entry) -> str:
    """The address of the page that has the entry's full text; empty where it has its own, or no page.

    A link that many entries share is no such page, nor is a site's home page.
    """
    url = "" if entry.failure or entry.body or entry.link_is_shared else canonical_url(entry.link)
    return web_address(entry.link) if url and is_key_url(url) and not _is_full(entry) else ""


def page_key(entry: Entry) -> int:
    """The key by which it is remembered that the page of this entry, as it now is, has been asked for."""
    own = (str(getattr(entry, field.name)) for field in fields(Entry) if field.name not in _KEYLESS)
    return hash_key("page", *own)


def take_full_text(entry: Entry, page: Entry, address: str) -> Entry:
    """The entry with the page's text as its body, and from the page what else it lacks.

    `address` is where the page came from in the end. The entry's link stays as it is, for identity is found by
    it and must not hang on whether a page could be had; where it leads to another site, that is the publisher.
    Raises NoFullText for a page without more text than the entry, or of something else.
    """
    if len(page.body) <= len(_plain(entry, "description")):
        raise NoFullText(f"no more text than the feed has: {page.body[:100]!r}")
    if not _is_alike(entry, page):
        raise NoFullText(f"the text of something else: {(page.title or page.body)[:100]!r}")
    found = {name: getattr(page, name) for name in _FILLED} | {"publisher": _publisher(entry, address)}
    taken = {name: found[name] for name in _FILLED if found[name] not in _NOTHING and getattr(entry, name) in _NOTHING}
    if page.published_raw and (not entry.published_raw or entry.published_source in FILE_DATES):
        taken |= {"published_raw": page.published_raw, "published_source": page.published_source}
    markup = [name for name in page.markup if name in taken or name == "body"]
    return replace(entry, **taken, body=page.body, markup=entry.markup + markup, from_page=sorted([*taken, "body"]))


def as_fed(entry: Entry) -> Entry:
    """The entry as its feed gave it: what `take_full_text` and `without_page` did is undone."""
    own = {name: getattr(_BLANK, name) for name in [*entry.from_page, "flags", "from_page"]}
    return replace(entry, **own, markup=[name for name in entry.markup if name not in entry.from_page])


def without_page(entry: Entry) -> Entry:
    """The entry, marked as one whose page could not be had."""
    return replace(entry, flags=[*entry.flags, UNAVAILABLE])


def _is_full(entry: Entry) -> bool:
    if len(entry.description) < _SHORT:
        return False
    try:
        return read_text(entry).content_kind == "full"
    except EmptyArticle:
        return False


def _publisher(entry: Entry, address: str) -> str:
    linked, found = (registrable_domain(canonical_url(url)) for url in (entry.link, address))
    return found if found != linked else ""


def _is_alike(entry: Entry, page: Entry) -> bool:
    """Whether a page may be the entry's: a sign-in, consent or error page shares few words with it."""
    on_page = set(_words(f"{page.title}\n{page.description}\n{page.body}"))
    told = [words for name in ("title", "description") if (words := set(_words(_plain(entry, name))))]
    return not told or any(len(words & on_page) >= _ALIKE * len(words) for words in told)


def _words(text: str) -> list[str]:
    return [pair or word for pair, word in _WORD.findall(text.casefold())]


def _plain(entry: Entry, name: str) -> str:
    text: str = getattr(entry, name)
    return markup_to_text(text) if name in entry.markup else line_to_text(text)
