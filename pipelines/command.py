"""The command line, `dateline`: reads the arguments, runs a command and tells errors from success."""

import argparse
import logging
import sys
from importlib.metadata import version
from textwrap import fill
from typing import NoReturn

from pipelines.commands import COMMANDS
from pipelines.exit_codes import FAILED, INTERRUPTED, USAGE
from pipelines.terminal import complain, printable
from schemas.errors import DatasetError, DatelineError, NewerSchema, UsageError

_EPILOG = "dateline COMMAND --help tells of a command's options."
_WIDTH = 100


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    parser = make_parser()
    namespace, rest = parser.parse_known_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)
    try:
        if rest and not namespace.command.takes_beam_options:
            raise UsageError(f"unknown option {rest[0]}; see --help")
        return namespace.command.run(namespace, rest)  # type: ignore[no-any-return]
    except UsageError as error:
        complain(error)
        return USAGE
    except NewerSchema as error:
        complain(error)
        return FAILED
    except DatasetError as error:
        complain(f"{error}; dateline check {namespace.output} says what is wrong, --repair puts it right")
        return FAILED
    except DatelineError as error:
        complain(error)
        return FAILED
    except OSError as error:
        complain(f"{error}; a commit is whole or not made: run it again when that is put right")
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted; run it again to complete it")
        return INTERRUPTED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line: the usage of some commands fills the screen."""
        self.exit(USAGE, f"{self.prog}: {printable(message.removeprefix('argument '))}; see {self.prog} --help\n")


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser("dateline", description="News to clean, deduplicated, tagged Parquet.", epilog=_EPILOG)
    parser.add_argument("-V", "--version", action="version", version=f"Dateline {version('dateline')}")
    commands = parser.add_subparsers(required=True, metavar="command")
    for each in COMMANDS:
        made = commands.add_parser(
            each.name,
            help=each.summary,
            description=fill(each.description, _WIDTH),
            epilog=each.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        each.declare(made)
        made.set_defaults(command=each)
    return parser


if __name__ == "__main__":
    sys.exit(main())
