"""What is printed: safe for a terminal, whatever the data holds, and never a reason to fail."""

import logging
import os
import sys
from collections.abc import Iterable


def printable(text: str) -> str:
    """The text without anything that a terminal might obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def say(lines: Iterable[str]) -> None:
    """Print lines on stdout, of controls only newlines and tabs.

    A reader that has gone, or cannot show a character, is no failure of the run.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        print("\n".join(_harmless(line) for line in lines), flush=True)
    except BrokenPipeError:
        # Python flushes stdout once more at its end: that, too, must find somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _harmless(line: str) -> str:
    return line if line.isprintable() else "".join(c if c.isprintable() or c in "\n\t" else " " for c in line)


def complain(problem: object) -> None:
    """Print one line on stderr."""
    print(f"dateline: {printable(str(problem))}", file=sys.stderr)


def set_logging(arguments: list[str]) -> None:
    """Let Beam log errors on a cluster alone: the local runner logs whatever it raises as well."""
    on_cluster = any(argument.startswith("--runner") for argument in arguments)
    logging.getLogger().setLevel(logging.ERROR if on_cluster else logging.CRITICAL)
