"""JSON-LD in a page: the statements about its article, by the terms of schema.org's NewsArticle."""

import html
from collections.abc import Iterator
from typing import Any

import orjson
from lxml.html import HtmlElement

_ARTICLE_TYPES = ("Article", "Posting", "Report", "Review")
_MAX_BLOCKS = 50
# Which member of an object stands for it, where the value of a property is one.
_MEMBERS = {"image": ("url", "contentUrl", "@id"), "mainEntityOfPage": ("@id", "url")}
_NAME_MEMBERS = ("name", "@value", "url", "@id")


def read_article_statements(tree: HtmlElement) -> dict[str, list[str]]:
    """Values by property, of the first object in a page's JSON-LD that is an article; else nothing.

    A block that is not JSON states nothing.
    """
    for block in tree.xpath('.//script[@type="application/ld+json"]')[:_MAX_BLOCKS]:
        for thing in _things(_load(block.text or "")):
            if _is_article(thing):
                return {key: list(_plain(key, value)) for key, value in thing.items()}
    return {}


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removesuffix("//]]>").removesuffix("-->")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a block: itself, a list of them, or its graph."""
    if isinstance(value, list):
        for part in value:
            yield from _things(part) if isinstance(part, dict) else ()
    elif isinstance(value, dict):
        yield value
        if isinstance(value.get("@graph"), list):
            yield from (part for part in value["@graph"] if isinstance(part, dict))


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    return any(isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES) for kind in _listed(kinds))


def _plain(key: str, value: Any) -> Iterator[str]:
    """The strings that stand for a value: its own, or the name or address of each object in it."""
    for part in _listed(value):
        if isinstance(part, dict):
            members = (part.get(member) for member in _MEMBERS.get(key, _NAME_MEMBERS))
            part = next((member for member in members if isinstance(member, str) and member), "")
        if isinstance(part, bool):
            part = str(part)
        if isinstance(part, str) and (text := html.unescape(part).strip()):
            yield text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
