"""Markdown, told from plain text and made that."""

import re

from markdown_it import MarkdownIt

from transforms.clean.markup import markup_to_text

# Its time grows with the depth allowed, and what is nested deeper than 20 it leaves out.
_READER = MarkdownIt("commonmark").enable("table")
_LONGEST = 200_000  # characters; it takes up to 10 us for each
# What a sign cannot be without, the sign, and whether plain text has it too.
_SIGNS = [
    (mark, re.compile(pattern, re.MULTILINE), is_weak)
    for mark, pattern, is_weak in (
        ("#", r"^ {0,3}#{1,6} \S", False),
        ("```", r"^ {0,3}```", False),
        ("](", r"\]\((?:https?:|/|#|mailto:|\.)", False),
        ("**", r"(?<![\w*])\*\*(?=\S)[^*\n]{1,200}\*\*(?![\w*])", False),
        ("__", r"(?<!\w)__(?=\S)[^_\n]{1,200}__(?!\w)", False),
        ("|", r"^\|? ?:?-{3,}:? ?\|", False),
        ("[^", r"\[\^[\w-]{1,20}\]", False),
        ("]:", r"^ {0,3}\[[^\]\n]{1,100}\]: \S", False),
        ("*", r"(?<![\w*])\*(?=[^\W_])[^*\n]{1,100}\*(?![\w*])", True),
        ("_", r"(?<!\w)_(?=[^\W_])[^_\n]{1,100}_(?!\w)", True),
        ("\n>", r"^ {0,3}>+ \S", True),
        ("\n- ", r"^- \S", True),
        ("\n* ", r"^\* \S", True),
    )
]
_FEWEST_SIGNS = 2
_SAMPLE = 20_000  # characters
_FOOTNOTE = re.compile(r"^\[\^[\w-]{1,20}\]: ?", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[\w-]{1,20}\]")
_PLAIN = re.compile(r"(\*\*|__|[*_`])(?=\S)([^*_`\n]{1,300})\1|!?\[([^\]\n]{0,300})\]\([^()\n]{0,1000}\)")


def is_markdown(text: str) -> bool:
    """Whether a text holds signs of Markdown of two kinds, one of which plain text has not; no very long one does."""
    if len(text) > _LONGEST:
        return False
    sample = text[:_SAMPLE]
    found = [is_weak for mark, sign, is_weak in _SIGNS if mark in sample and sign.search(sample)]
    return len(found) >= _FEWEST_SIGNS and not all(found)


def markdown_to_text(text: str) -> str:
    """The text of CommonMark with tables; footnotes are paragraphs, the marks that lead to them are left out."""
    return markup_to_text(_READER.render(_FOOTNOTE_MARK.sub("", _FOOTNOTE.sub("\n\n", text))))


def strip_inline(line: str) -> str:
    """A line without the marks of emphasis, links and images."""
    return _PLAIN.sub(lambda found: found.group(2) or found.group(3) or "", line)
