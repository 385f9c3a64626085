"""Text and links from the data, as a page may show them."""

import re
from urllib.parse import urlsplit

_LONGEST = 300
# Controls, lone surrogates, what turns or hides the text around it, and what a font cannot show.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]+"
)
_IN_LINK = re.compile(r"[\x00-\x20\x7f-\xa0]")


def readable(text: str) -> str:
    """The text on one line, without controls of any kind, cut at 300 characters."""
    shown = " ".join(_UNSEEN.sub(" ", text[: _LONGEST * 4]).split())
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def web_link(url: str | None) -> str | None:
    """The address if it is http or https and nothing odd, else None."""
    if not url or _IN_LINK.search(url) or _UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def short_name(name: str, longest: int) -> str:
    """A name in so many characters: an address without its scheme, a path by its end."""
    shown = re.sub(r"^https?://(www\.)?", "", readable(name)).rstrip("/")
    if len(shown) <= longest:
        return shown
    kept = longest - 1
    return f"{shown[: kept * 2 // 5]}…{shown[-(kept - kept * 2 // 5) :]}"
