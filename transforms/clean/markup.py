"""HTML fragments to text: block elements are paragraphs, list items and <br> are lines."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms.clean.bounds import check_markup

_DROPPED = frozenset(
    (
        "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
        "video", "select", "button", "textarea",
    )
)  # fmt: skip
_BLOCKS = (
    "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr main nav ol p pre section summary table ul"
)
_LINE, _PARAGRAPH = "\u2028", "\u2029"  # Unicode's own; a line feed of the source is only white space
_SEPARATORS = (
    dict.fromkeys(("br", "li", "tr", "dt", "dd"), (_LINE, ""))
    | dict.fromkeys(("td", "th"), (" ", ""))
    | dict.fromkeys(_BLOCKS.split(), (_PARAGRAPH, _PARAGRAPH))
)
_PRE = re.compile(r"(</?pre\b)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
# Digits are counted, for int() refuses thousands of them; names without a semicolon are as often text.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAGS = "a|b|blockquote|br|div|em|font|h[1-6]|i|img|li|ol|p|small|span|strong|sub|sup|u|ul"
_KNOWN_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)


def markup_to_text(html: str) -> str:
    """The text of an HTML fragment, its white space still to be cleaned (`clean_text`).

    What was escaped twice is decoded twice: entities that the text still holds, and tags where the whole
    fragment was escaped. Without a tag, blank lines separate paragraphs. Raises TooComplex.
    """
    text = _tree_text(html) if "<" in html else decode_entities(_flowing(html))
    if "<" not in html and _KNOWN_TAG.search(text):
        text = _tree_text(text)
    return decode_entities(text)


def line_to_text(line: str) -> str:
    """A title or name with the tags and entities that have no business in plain text taken out."""
    return _KNOWN_TAG.sub("", decode_entities(decode_entities(line)))


def decode_entities(text: str) -> str:
    """The text with its HTML entities decoded, once; those without a semicolon stay."""
    return _ENTITY.sub(lambda entity: unescape(entity.group()), text) if "&" in text else text


def _flowing(text: str) -> str:
    """Text without tags: a line end is white space, a blank line a paragraph."""
    if "\n" not in text:
        return text
    return "\n\n".join(part.replace("\n", " ") for part in _BLANK_LINE.split(text))


def _tree_text(html: str) -> str:
    check_markup(html)
    tree = LexborHTMLParser(_keep_lines(html) if "<pre" in html else html)
    body = tree.body
    if body is None:  # a frameset
        return ""
    if dropped := _DROPPED.intersection([node.tag for node in body.traverse()]):
        tree.strip_tags(list(dropped))
    for node in list(body.traverse()):
        _separate(node, node.tag or "")
    parts = [part.strip() for part in body.text().replace("\n", " ").split(_PARAGRAPH)]
    return "\n\n".join([part for part in parts if part]).replace(_LINE, "\n")


def _separate(node: LexborNode, name: str) -> None:
    if name not in _SEPARATORS:
        return
    before, after = _SEPARATORS[name]
    node.insert_before(before)
    if after:
        node.insert_after(after)


def _keep_lines(html: str) -> str:
    """The HTML with the line ends inside of <pre> made Unicode's."""
    first, *rest = _PRE.split(html)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return first + "".join([tag + (text if "/" in tag else text.replace("\n", _LINE)) for tag, text in pairs])
