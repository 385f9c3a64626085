"""What makes up a command."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A command: what it is called and takes, and what runs it. What is heavy is imported only when it runs."""

    name: str
    summary: str
    description: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, list[str]], int]  # is given what it did not declare, too; its exit code
    takes_beam_options: bool = False
    epilog: str | None = None
