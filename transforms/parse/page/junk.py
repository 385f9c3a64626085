"""Elements that are not the article, by their own tag, role, state or name (`junk_names.txt`)."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from selectolax.lexbor import LexborNode

_DROPPED = frozenset(
    (
        "nav", "aside", "footer", "form", "button", "figcaption", "select", "dialog", "template", "noscript", "iframe",
        "svg", "video", "audio", "canvas", "object", "embed", "style", "script", "textarea", "input", "label",
        "amp-ad", "amp-embed", "amp-sidebar",
    )
)  # fmt: skip
_NEVER_JUNK = frozenset(("html", "body", "main", "article"))
_ROLES = frozenset(("navigation", "complementary", "banner", "contentinfo", "dialog", "search"))
_ASKS = "button, form, input"  # for a sign-up; what is behind a wall has none
_LONGEST_NAMES = 200  # characters
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_junk(node: LexborNode) -> bool:
    """Whether an element's own name, role or state says that it is not the article."""
    tag = node.tag
    if tag in _DROPPED:
        return True
    attributes = node.attributes
    if not attributes or tag in _NEVER_JUNK:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    if "display:none" in (attributes.get("style") or "").replace(" ", ""):
        return True
    return _is_named(attributes, "any") and (_is_named(attributes, "sure") or node.css_first(_ASKS) is not None)


def may_hold_article(node: LexborNode) -> bool:
    """Whether an element that has most of the prose may be the article's, whatever its name."""
    return not _is_named(node.attributes, "others") or node.css_first("h1") is not None


def _is_named(attributes: dict[str, str | None], section: str) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return len(names) > 1 and _has_name(names[:_LONGEST_NAMES], section)


@lru_cache(10_000)
def _has_name(names: str, section: str) -> bool:
    return _junk_names()[section].search(_CAMEL.sub("-", names).lower()) is not None


@cache
def _junk_names() -> dict[str, re.Pattern[str]]:
    text = files(__package__).joinpath("junk_names.txt").read_text(encoding="utf-8")
    others, around, walls = (part.split() for part in re.split(r"\[[a-z]+\]", text)[-3:])
    lists = {"others": others, "sure": others + around, "any": others + around + walls}
    return {section: re.compile(rf"(?<![a-z])(?:{'|'.join(names)})(?![a-z])") for section, names in lists.items()}
