"""What feed software adds to, or leaves off, the end of a text."""

import re

_FOOTER = re.compile(r"The post .{1,500} (?:appeared first|first appeared) on .{1,200}")
_INVITATIONS = (
    "read more", "continue reading", "read the full story", "read the full article", "weiterlesen", "lire la suite",
    "leer más", "seguir leyendo", "leggi tutto", "lees verder", "leia mais",
)  # fmt: skip
_CLOSING = " \n])»›>→:"
_TAIL = 60  # characters, the longest end that tells


def without_footer(text: str) -> str:
    """The text without the line `The post ... appeared first on ...` that WordPress puts at its end."""
    head, _, last = text.rpartition("\n")
    return head.rstrip() if last.startswith("The post ") and _FOOTER.fullmatch(last) else text


def is_truncated(text: str) -> bool:
    """Whether the text breaks off: its last words are an ellipsis or an invitation to read more."""
    tail = text[-_TAIL:].rstrip(_CLOSING)
    return tail.endswith(("…", "...")) or tail.lower().endswith(_INVITATIONS)
