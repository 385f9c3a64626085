"""Which format a document is in, by its content and never by its name."""

import codecs
import re
from enum import StrEnum

import orjson


class Format(StrEnum):
    """The formats told apart; the values are for people to read."""

    FEED = "a feed"
    FEED_LIST = "an OPML list of feeds"
    SITEMAP = "a sitemap"
    JSON = "JSON"
    JSON_LINES = "JSON lines"
    PAGE = "an HTML page"
    OTHER_MARKUP = "markup that is neither a feed nor a page"
    TEXT = "plain text"


# What may stand before the root element. Possessive, so that no input is tried in two ways.
_PROLOG = r"(?:\s|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!(?i:doctype)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+"
_ROOT = re.compile(_PROLOG + r"<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z_][\w.-]*+)")
_JSON_START = re.compile(r"""\s*+(?:\{\s*+["}]|\[\s*+[{\]])""")
_FEED_START = re.compile(r"<\?xml\b|<(?:[A-Za-z_][\w.-]*+:)?(?:rss|RDF|feed)\b", re.IGNORECASE)
_PAGE_NAMES = (
    "html head body title meta link base style script noscript div p span a b i em strong u center font br hr img"
    " h1 h2 h3 h4 h5 h6 article section main header footer nav aside figure table tbody tr td ul ol li dl"
    " blockquote pre form iframe"
)
# By the local name of a document's root element, in lower case.
_ROOTS = {
    **dict.fromkeys(["rss", "rdf", "feed", "channel", "item", "entry"], Format.FEED),
    **dict.fromkeys(["urlset", "sitemapindex"], Format.SITEMAP),
    **dict.fromkeys(_PAGE_NAMES.split(), Format.PAGE),
    "opml": Format.FEED_LIST,
}
_SNIFFED_CHARACTERS = 4096


def tell_format(text: str) -> Format:
    """The format of a document's text."""
    if _JSON_START.match(text):
        return Format.JSON_LINES if starts_with_json_line(text.encode()) else Format.JSON
    root = find_root(text)
    return _ROOTS.get(root.group(1).lower(), Format.OTHER_MARKUP) if root else Format.TEXT


def find_root(text: str) -> re.Match[str] | None:
    """The start of the root element with all that precedes it; group 1 is its local name."""
    return _ROOT.match(text)


def skip_to_feed(text: str) -> str:
    """The text from its first feed element on, where junk such as a server's warnings stands before it."""
    start = _FEED_START.search(text, 0, _SNIFFED_CHARACTERS)
    return text[start.start() :] if start else text


def starts_with_json_line(data: bytes) -> bool:
    """Whether the first line that is not blank is a whole JSON object, and more follows it."""
    line, _, rest = data.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not line.startswith(b"{") or not rest.strip():
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
