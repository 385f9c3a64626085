"""Text with marks in place of tags to lines and paragraphs."""

import re

from transforms.clean.elements import BREAK, LINE, NEW_LINE, PARAGRAPH, PRE, PRE_END
from transforms.clean.entities import decode_entities

KEPT_SPACE = "\u2800"  # stands for a space that cleaning must not take: printable, and no white space

_BREAKS = re.compile(f"{BREAK}[ {LINE}]*{BREAK}[ {LINE}{BREAK}]*")
_PREFORMATTED = re.compile(f"{PRE}([^{PRE}{PRE_END}]*)")
_INNER_BREAKS = re.compile(f"{PARAGRAPH}+\n?")
_GAP = re.compile("\n{3,}")


def lay_out(text: str) -> str:
    """Lines and paragraphs in place of marks, entities decoded; what was escaped twice is decoded twice."""
    text = decode_entities(decode_entities(text)).replace(KEPT_SPACE, " ").replace("\xa0", " ")
    if PRE in text:
        text = _PREFORMATTED.sub(_keep_lines, text).replace(PRE_END, "")
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if BREAK in text:
        text = _BREAKS.sub(PARAGRAPH, text).replace(BREAK, LINE)
    blocks = [_lines(block) if LINE in block else block.strip() for block in text.split(PARAGRAPH)]
    return "\n\n".join(filter(None, blocks)).replace(NEW_LINE, "\n")


def _lines(block: str) -> str:
    return "\n".join(filter(None, map(str.strip, block.split(LINE))))


def _keep_lines(block: re.Match[str]) -> str:
    """The inside of a <pre> with marks in place of the white space that counts."""
    text = block[1].replace("\r", "").replace(BREAK, "\n").replace(LINE, "\n")
    if PARAGRAPH in text:
        text = _INNER_BREAKS.sub("\n", text)
    text = text.expandtabs(4).replace("  ", 2 * KEPT_SPACE).replace("\n ", f"\n{KEPT_SPACE}")
    text = "\n".join([line.rstrip(f" {KEPT_SPACE}") for line in text.split("\n")]).strip("\n")
    if "\n\n\n" in text:
        text = _GAP.sub("\n\n", text)
    return PARAGRAPH + text.replace("\n", NEW_LINE) + PARAGRAPH
