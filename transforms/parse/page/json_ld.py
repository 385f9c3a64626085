"""JSON-LD in a page: the statements about its article, by the terms of schema.org's NewsArticle.

Read leniently: comments, trailing commas and semicolons, raw control characters and wrong escapes in strings, and
several objects in a row are taken as what was meant. What is no JSON even so, or too long to repair, states nothing.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

import orjson

ARTICLE_TYPES = ("Article", "Posting", "Report", "Review")
_MAX_BLOCKS = 50
_MAX_THINGS = 1_000  # objects of one page that are looked at
_MOST_REPAIRED = 1 << 20  # characters of a block
_NESTING = ("@graph", "mainEntity", "mainEntityOfPage")  # what may hold the article
# Which member of an object stands for it, where the value of a property is one.
_ADDRESS = ("url", "contentUrl", "@id")
_MEMBERS = {"image": _ADDRESS, "mainEntityOfPage": ("@id", "url"), "license": _ADDRESS, "url": _ADDRESS}
_MEMBERS |= {"inLanguage": ("alternateName", "name"), "hasPart": ("isAccessibleForFree",)}
_NAME_MEMBERS = ("name", "@value", "url", "@id")

_TOKEN = re.compile(
    r'("(?:[^"\\]++|\\.)*+(?:"|\\?\Z))'
    r"|<!(?:--|\[CDATA\[)|-->|\]\]>|/\*.*?(?:\*/|\Z)|//[^\n]*+|,(?=\s*[}\]])|;|(\}(?=\s*\{))",
    re.DOTALL,
)
_IN_STRING = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|\\[\"\\/bfnrt])"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\|[\x00-\x1f]"
)


def read_article_statements(blocks: list[str], addresses: list[str]) -> dict[str, list[str]]:
    """Values by property, of the object in a page's JSON-LD that is its article; nothing where there is none.

    Of several articles it is the one whose address is among `addresses`, else the first.
    """
    things = [thing for block in blocks[:_MAX_BLOCKS] for thing in _things(_load(block))][:_MAX_THINGS]
    articles = [thing for thing in things if _is_article(thing)]
    if not articles:
        return {}
    by_id = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}
    stated = ({key: list(_plain(key, value, by_id)) for key, value in thing.items()} for thing in articles)
    first = next(stated)
    if len(articles) == 1 or not addresses:
        return first
    return next((each for each in (first, *stated) if _is_at(each, addresses)), first)


def _is_at(stated: dict[str, list[str]], addresses: list[str]) -> bool:
    own = [*stated.get("url", []), *stated.get("mainEntityOfPage", []), *stated.get("@id", [])]
    return not {address.partition("#")[0] for address in own}.isdisjoint(addresses)


def _load(block: str) -> Any:
    try:
        return orjson.loads(block)
    except orjson.JSONDecodeError:
        if len(block) > _MOST_REPAIRED:
            return None
        repaired = _TOKEN.sub(_repair, html.unescape(block) if '"' not in block else block)
    try:
        return orjson.loads(f"[{repaired}]")
    except orjson.JSONDecodeError:
        return None


def _repair(found: re.Match[str]) -> str:
    """A string without what JSON forbids in it; nothing for what JSON forbids elsewhere."""
    if found.group(1):
        return _IN_STRING.sub(lambda part: part.group(1) or (" " if part.group() < " " else ""), found.group(1))
    return "}," if found.group(2) else ""


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a block: itself, those of a list, and what it holds as its graph or main entity."""
    waiting = [value]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting.extend(reversed(thing))
        elif isinstance(thing, dict):
            yield {_term(key): value for key, value in thing.items()}
            waiting.extend(thing[key] for key in reversed(_NESTING) if isinstance(thing.get(key), (dict, list)))


def _term(key: str) -> str:
    """A property without the vocabulary's prefix or address."""
    return key.rpartition(":")[2].rpartition("/")[2] if ":" in key else key


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    return any(isinstance(kind, str) and kind.endswith(ARTICLE_TYPES) for kind in _listed(kinds))


def _plain(key: str, value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The strings that stand for a value: its own, or the name or address of each object in it."""
    for part in _listed(value):
        found = _member(key, by_id.get(part["@id"], part) if _is_reference(part) else part)
        for text in _listed(found):
            text = str(bool(text)) if text in (0, 1) else text
            if isinstance(text, str) and (text := html.unescape(text).strip()):
                yield text


def _is_reference(part: Any) -> bool:
    return isinstance(part, dict) and "name" not in part and isinstance(part.get("@id"), str)


def _member(key: str, part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    members = (part.get(member) for member in _MEMBERS.get(key, _NAME_MEMBERS))
    return next((member for member in members if member not in (None, "", [])), "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
