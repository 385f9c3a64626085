"""The lines of texts, normalised and hashed within their origin, as LINE_ROWS to count.

Lines are equal that have the same letters and digits. What a template fills in is left out first: the article's
own title, addresses, the years of a copyright line, and whatever follows `Read more:` and its like.
"""

import re
from functools import cache
from hashlib import blake2b
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from schemas.lines import BODY_PLACE, LINE_ROWS
from schemas.records import Article
from transforms.boilerplate.origins import origin_of

Rows = NDArray[np.void]

# Of a longer text the first and the last of so many lines are counted.
EDGE_LINES = 16

_LOWER = bytes(ord(chr(byte).lower()) if byte < 128 else byte for byte in range(256))
_DROPPED = bytes(byte for byte in range(128) if not chr(byte).isalnum() and chr(byte) not in "\n:")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_YEARS = re.compile(r"((?:©|copyright)[^\d\n]{0,20})\d{4}(?: ?[-–] ?\d{2,4})?", re.IGNORECASE)
_TITLE_BYTES = 5  # a shorter title may well be part of many words
_SHORT_BYTES = 250  # longer lines lead nowhere, and have letters
_TAIL_BYTES = 500  # where the word copyright is looked for
_LARGEST = np.iinfo(np.uint16).max


def normalise_lines(text: str, title: bytes) -> list[bytes]:
    """Each line of a text as comparable bytes, empty where it holds no letter; `title` is normalised itself."""
    if "/" in text and "://" in text:  # one character is found in no time
        text = _ADDRESS.sub("", text)
    data = comparable(text)
    if "©" in text or b"copyright" in data[-_TAIL_BYTES:]:
        data = comparable(_YEARS.sub(r"\1", text))
    if len(title) >= _TITLE_BYTES and title in data:
        data = data.replace(title, b"")
    return [line if len(line) > _SHORT_BYTES else _shorten(line) for line in data.split(b"\n")]


def comparable(text: str) -> bytes:
    """The letters and digits of a text, in lower case, and its colons and line ends."""
    return (text if text.isascii() else text.casefold()).encode().translate(_LOWER, _DROPPED)


def _shorten(line: bytes) -> bytes:
    """A link's phrase without what it leads to; nothing of a line without letters."""
    head, colon, _ = line.partition(b":")
    if colon and head in link_phrases():
        return head
    has_letter = line != line.upper() if line.isascii() else any(map(str.isalpha, line.decode()))
    return line if has_letter else b""


def hash_line(line: bytes, origin: bytes) -> bytes:
    """The 8 bytes that stand for a normalised line in its origin."""
    return blake2b(line, digest_size=8, person=origin).digest()


@cache
def link_phrases() -> frozenset[bytes]:
    """The normalised phrases of link_phrases.txt."""
    text = files(__package__).joinpath("link_phrases.txt").read_text(encoding="utf-8")
    return frozenset(comparable(line) for line in text.splitlines() if not line.startswith("#"))


def gather_lines(articles: list[Article], facts: Rows) -> tuple[Rows, list[int]]:
    """LINE_ROWS of all articles, in order, and how many each has; `facts` are the articles' FACTS."""
    hashes, sizes, places, counts, origins = list[bytes](), list[int](), list[int](), list[int](), list[bytes]()
    for article in articles:
        title, before = comparable(article.title), len(sizes)
        origins.append(origin := origin_of(article))
        for first, text in ((0, article.description), (BODY_PLACE, article.body)):
            lines = edge_lines(normalise_lines(text, title)) if text else []
            hashes += [hash_line(line, origin) for line in lines]
            sizes += map(len, lines)
            places += range(first, first + len(lines))
        counts.append(len(sizes) - before)
    rows = np.empty(len(sizes), LINE_ROWS)
    rows["origin"] = np.repeat(np.frombuffer(b"".join(origins), "<u8"), counts)
    for name, values in (("article", facts["article"]), ("day", facts["day"]), ("text", facts["content"])):
        rows[name] = np.repeat(values.astype(LINE_ROWS[name]), counts)
    rows["line"], rows["place"] = np.frombuffer(b"".join(hashes), "<u8"), places
    rows["size"] = np.minimum(sizes, _LARGEST)
    return rows, counts


def edge_lines(lines: list[bytes]) -> list[bytes]:
    """The lines that hold something, of many the first and the last."""
    lines = [line for line in lines if line]
    return lines if len(lines) <= 2 * EDGE_LINES else lines[:EDGE_LINES] + lines[-EDGE_LINES:]
