"""What stands right below a page's heading, for pages that state no date in any other way."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms.parse.page.statements import text_of
from transforms.parse.text.dated_lines import Says, read_dated_line
from transforms.parse.text.said import Said
from transforms.parse.text.title import choose_title

_MOST_TEXTS = 10
_LONGEST = 80  # characters; what is longer is the text itself
_DIGIT = re.compile(r"\d")
_WANTED = frozenset(("published", "updated", "date", "authors"))


def read_below_heading(tree: LexborHTMLParser, title: str, said: Said) -> None:
    """Add the date that a page shows between its heading and its text, where a piece of text is that alone.

    The heading is the one that repeats the title, else the only one. Of `<time>` the date counts that is shown,
    and its machine-readable form is taken.
    """
    headings = tree.css("h1")
    own = (heading for heading in headings if choose_title(title, text_of(heading)))
    heading = next(own, headings[0] if len(headings) == 1 else None)
    before = ""
    for node in _texts_after(heading):
        text = " ".join((node.text_content or "").split())
        if says := _read(before, text):
            for name, value in says:
                said.add_given(name, _exact(node, value) if name != "authors" else value)
            return
        before = text


def _texts_after(node: LexborNode | None) -> Iterator[LexborNode]:
    """The short pieces of text that follow an element, up to the first long one."""
    count = 0
    while node is not None:
        if node.next is None:
            node = node.parent
            continue
        node = node.next
        for inner in node.traverse(include_text=True):
            if inner.is_text_node and (text := (inner.text_content or "").strip()):
                count += 1
                if count > _MOST_TEXTS or len(text) > _LONGEST:
                    return
                yield inner


def _read(before: str, text: str) -> Says | None:
    """What a piece of text says, with the label before it; one that is not known makes it some other date."""
    if not _DIGIT.search(text):
        return None
    says = read_dated_line(f"{before} {text}") or (None if before.endswith(":") else read_dated_line(text))
    return says if says and _WANTED.issuperset(name for name, _ in says) else None


def _exact(node: LexborNode, shown: str) -> str:
    parent = node.parent
    stated = parent.attributes.get("datetime") if parent is not None and parent.tag == "time" else None
    return stated or shown
