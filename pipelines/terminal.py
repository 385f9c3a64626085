"""What is printed: safe for a terminal, whatever the data holds, and never a reason to fail."""

import os
import sys
from collections.abc import Iterable


def printable(text: str) -> str:
    """The text without anything that a terminal might obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def say(lines: Iterable[str]) -> None:
    """Print lines on stdout. A reader that has gone, or cannot show a character, is no failure of the run."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        # Python flushes stdout once more at its end: that, too, must find somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(problem: object) -> None:
    """Print one line on stderr."""
    print(f"dateline: {printable(str(problem))}", file=sys.stderr)
