"""`dateline completion`: prints a script by which a shell completes the other commands."""

import argparse
from collections.abc import Iterator

from pipelines.commands.declaration import Command
from pipelines.exit_codes import OK
from pipelines.terminal import say

_FILES, _FOLDERS = ("FILE", "GLOB", "URL|FILE"), ("FOLDER", "OUT")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser."""
    parser.add_argument("shell", choices=("bash", "zsh"), help="the shell that is to complete")


def run(namespace: argparse.Namespace, _: list[str]) -> int:
    """Prints the script."""
    import shtab

    from pipelines.command import make_parser

    parser = make_parser()
    for action in _actions(parser):
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    say([shtab.complete(parser, namespace.shell)])
    return OK


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The options of all commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from command._actions


COMMAND = Command(
    "completion",
    "print what completes commands in a shell",
    "Print a script for your shell. For bash, as ~/.local/share/bash-completion/completions/dateline; for zsh, as "
    "_dateline in a folder of its fpath.",
    declare,
    run,
)
