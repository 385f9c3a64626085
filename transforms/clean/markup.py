"""HTML fragments to text, by one scan of the tags: no tree is built.

Block elements are paragraphs; list items, table rows and `<br>` are lines, two `<br>` a paragraph; the cells of a
table are set apart by a space. `<pre>` keeps its lines and indentation. What a browser does not show is left out,
and so are captions of pictures, but where there is no other text. `elements.txt` says which elements are which.
"""

import re

from transforms.clean.elements import CAPTION, DROPPED, PARAGRAPH, RAW, UNREAD, TagMarks, tag_name
from transforms.clean.entities import decode_entities
from transforms.clean.layout import lay_out

# What is begun and not ended goes on to the end, as in a browser: so no character is looked at twice.
_REST = r"""[^>=]*+(?:=\s*+(?:"[^"]*+"?|'[^']*+'?)?+[^>=]*+)*+>?"""
_TAG = re.compile(r"<([a-zA-Z/!?][^>]*+)>?")  # as most are; those with a ">" in quotes are found by their marks
_WHOLE_TAG = re.compile(rf"<([a-zA-Z/!?]{_REST[:-2]})>?")
_COMMENT = re.compile(r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))")
_RAW_ELEMENT = re.compile(
    rf"<(?i:(iframe|noembed|noframes|script|style|textarea|title))(?![^\s/>]){_REST}"
    r"[\s\S]*?(?:</(?i:\1)(?![^\s/>])[^>]*+>?|\Z)"
)
_MARKS, _MARKS_OF_WHOLE_TAGS = TagMarks(whole=False), TagMarks(whole=True)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_TAGS = "a|b|blockquote|br|div|em|font|h[1-6]|i|img|li|ol|p|small|span|strong|sub|sup|u|ul"
_KNOWN_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_LONE_LINK = re.compile(r"(?:<(?!a\b)[^<>]*>|\s)*<a\b[^<>]*>([^<>]{0,20})</a>(?:<(?!a\b)[^<>]*>|\s)*", re.IGNORECASE)
_SHORT, _FEW_WORDS = 2_000, 3
_ESCAPED_TAG = re.compile(rf"&lt;(/?(?:{_TAGS}))(?:\s(?:[^<>&]|&(?![lg]t;)){{0,2000}})?/?&gt;", re.IGNORECASE)


def markup_to_text(html: str) -> str:
    """The text of an HTML fragment, its characters still to be cleaned (`clean_laid_out`).

    What was escaped twice is decoded twice: entities that the text still holds, and tags where the whole fragment
    was escaped or they come in pairs. Without a tag, blank lines separate paragraphs. White space in `<pre>` is
    `layout.KEPT_SPACE`, but for single spaces between words.
    """
    if "<" not in html:
        html = decode_entities(html)
        if "<" not in html or not _KNOWN_TAG.search(html):
            return _flowing(decode_entities(html))
    text = _scan(html)
    return _scan(decode_entities(html)) if "<" in text and _is_escaped(html) else text


def line_to_text(line: str) -> str:
    """A title or name with the tags and entities that have no business in plain text taken out."""
    if "&" in line:
        line = decode_entities(decode_entities(line))
    return _KNOWN_TAG.sub("", line) if "<" in line else line


def is_lone_link(html: str) -> bool:
    """Whether a fragment is nothing but a link of a word or two, such as `Comments`."""
    link = _LONE_LINK.fullmatch(html) if len(html) < _SHORT else None
    return link is not None and len(link[1].split()) <= _FEW_WORDS


def _is_escaped(html: str) -> bool:
    """Whether tags were escaped that were meant as tags; where there is code, they are spoken of."""
    if "<pre" in html or "<code" in html:
        return False
    names = {name.lower() for name in _ESCAPED_TAG.findall(html)}
    return "br" in names or any(f"/{name}" in names for name in names)


def _flowing(text: str) -> str:
    """Text without tags: a line end is white space, a blank line a paragraph."""
    paragraphs = [" ".join(part.split()) for part in _BLANK_LINE.split(text)] if "\n" in text else [text.strip()]
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph])


def _scan(html: str) -> str:
    pieces, tags = _split(html, _TAG, _MARKS)
    text = "".join(pieces)
    if UNREAD in text or RAW in text:
        pieces, tags = _split_whole(html)
        text = "".join(pieces)
    if DROPPED not in text and CAPTION not in text:
        return lay_out(text)
    without_captions = lay_out(_visible(pieces, tags, (DROPPED, CAPTION)))
    return without_captions or lay_out(_visible(pieces, tags, (DROPPED,)))


def _split_whole(html: str) -> tuple[list[str], list[str]]:
    """As `_split`, without comments, and elements whose content is no markup."""
    html = _COMMENT.sub("", html).replace("<![CDATA[", "").replace("]]>", "")
    pieces, tags = _split(html, _WHOLE_TAG, _MARKS_OF_WHOLE_TAGS)
    if RAW in pieces:
        pieces, tags = _split(_RAW_ELEMENT.sub("", html), _WHOLE_TAG, _MARKS_OF_WHOLE_TAGS)
    return ["" if piece == RAW else piece for piece in pieces], tags


def _split(html: str, tag: re.Pattern[str], marks: TagMarks) -> tuple[list[str], list[str]]:
    """Texts and marks in turn, beginning and ending with a text; and the tags that the marks stand for."""
    pieces = tag.split(html)
    tags = pieces[1::2]
    pieces[1::2] = map(marks.__getitem__, tags)
    return pieces, tags


def _visible(pieces: list[str], tags: list[str], hidden: tuple[str, ...]) -> str:
    """The pieces joined, without what stands between a mark of `hidden` and the end of its element."""
    begun = [place for place, mark in enumerate(pieces[1::2]) if mark in hidden]
    ends = _element_ends(tags, {tag_name(tags[place]) for place in begun})
    kept, start = list[str](), 0
    for place in begun:
        if place in ends and 2 * place >= start:
            kept += pieces[start : 2 * place + 1]
            start = 2 * ends[place] + 1
    return "".join(kept + pieces[start:]).replace(DROPPED, "").replace(CAPTION, PARAGRAPH)


def _element_ends(tags: list[str], names: set[str]) -> dict[int, int]:
    """The tag that ends an element of these names, by the one that begins it; those of one name are nested."""
    ends: dict[int, int] = {}
    begun: dict[str, list[int]] = {name: [] for name in names}
    initials = tuple([slash + letter for name in names for letter in (name[0], name[0].upper()) for slash in ("", "/")])
    for place, tag in enumerate(tags):
        if not tag.startswith(initials):
            continue
        name = tag_name(tag)
        if name in begun:
            begun[name].append(place)
        elif open_ones := begun.get(name[1:]):
            ends[open_ones.pop()] = place
    return ends
