"""What a tag means to the text around it, as a mark that stands in its place."""

import re
from importlib.resources import files

from transforms.clean.entities import decode_entities

# Control characters: XML can hold none, and one from elsewhere does no more than break a line.
PARAGRAPH, LINE, BREAK, PRE, PRE_END, NEW_LINE = "\x11\x12\x16\x17\x18\x19"
DROPPED, CAPTION, RAW, UNREAD = "\x1a\x05\x06\x07"

_NAMED = {"paragraph": PARAGRAPH, "line": LINE, "break": BREAK, "cell": " "}
_NAMED |= {"dropped": DROPPED, "caption": CAPTION, "raw": RAW}
_OF_ENDS = {"cell": "", "dropped": "", "caption": PARAGRAPH, "raw": ""}
_HIDDEN = re.compile(r"\shidden(?![\w-])")
_VALUE = r"""\s*=\s*(?:"([^"]*)|'([^']*)|([^\s"'>]+))"""
_STYLE = re.compile(rf"\sstyle{_VALUE}")
_CLASS = re.compile(rf"\sclass{_VALUE}")
_ALT = re.compile(r"""\salt\s*=\s*["']?((?:[^\w\s"'<>]|&#x?[0-9a-f]{3,6};){1,12})(?:["'\s]|$)""", re.IGNORECASE)
_PICTOGRAPH = "\u2190"  # arrows, symbols and emoji start here; what is below is punctuation and letters
# A tag of which no value begins with a quote that is still open at its end.
_CLOSED = re.compile(r"""[^=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+'|(?!["']))[^=]*+)*+""")
_REMEMBERED = 4_000  # tags
_TELLING = 2_000  # characters of a tag that are looked at


def _kinds(name: str) -> dict[str, str]:
    """Kind by name, from one of the lists of this folder."""
    lines = (files("transforms.clean") / name).read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: kind for kind, *names in rows for name in names}


_CLASS_KINDS = _kinds("element_classes.txt")
_ELEMENT_KINDS = _kinds("elements.txt")
_BY_NAME = (
    {name: _NAMED[kind] for name, kind in _ELEMENT_KINDS.items()}
    | {f"/{name}": _OF_ENDS.get(kind, _NAMED[kind]) for name, kind in _ELEMENT_KINDS.items()}
    | {"pre": PRE, "/pre": PRE_END, "q": "“", "/q": "”"}
)


def tag_name(tag: str) -> str:
    """The name in lower case, after a slash where the tag ends an element; `tag` is what angle brackets hold."""
    return tag.split(None, 1)[0].rstrip("/").lower()


class TagMarks(dict[str, str]):
    """The mark of each tag, remembered: the same ones come again and again, but for links and pictures.

    Where tags are not `whole`, but read to their first `>`, those that may go on after it have the mark UNREAD:
    comments, and those with a quote that is open.
    """

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self.whole = whole

    def __missing__(self, tag: str) -> str:
        if not self.whole and (tag.startswith("!") or not _CLOSED.fullmatch(tag)):
            return UNREAD
        if tag.startswith("a ") and "class" not in tag and "style" not in tag and "hidden" not in tag:
            return ""
        if tag.startswith("img "):
            return "" if tag.isascii() and "&#" not in tag else _symbol(tag[:_TELLING])
        mark = _mark(tag)
        if len(tag) <= _TELLING:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[tag] = mark
        return mark


def _mark(tag: str) -> str:
    name = tag_name(tag)
    mark = _BY_NAME.get(name, "")
    if len(tag) == len(name) or tag.startswith("/"):
        return mark
    return _mark_of_attributes(tag[:_TELLING].lower()) or mark


def _mark_of_attributes(tag: str) -> str:
    style = _value(_STYLE, tag).replace(" ", "") if "style" in tag else ""
    if "display:none" in style or "visibility:hidden" in style or ("hidden" in tag and _HIDDEN.search(tag)):
        return DROPPED
    names = _value(_CLASS, tag).split() if "class" in tag else ()
    return next((_NAMED[_CLASS_KINDS[name]] for name in names if name in _CLASS_KINDS), "")


def _value(attribute: re.Pattern[str], tag: str) -> str:
    given = attribute.search(tag)
    return (given[1] or given[2] or given[3] or "") if given else ""


def _symbol(image: str) -> str:
    """The emoji that a picture stands for, as its `alt` has it."""
    alt = _ALT.search(image)
    text = decode_entities(alt[1]) if alt else ""
    return text if text >= _PICTOGRAPH else ""
