"""The command line, `dateline`: reads the arguments, runs a command and tells errors from success."""

import argparse
import logging
import sys

from pipelines.commands import COMMANDS
from pipelines.exit_codes import FAILED, INTERRUPTED, USAGE
from pipelines.terminal import complain
from schemas.errors import DatasetError, DatelineError, NewerSchema, UsageError


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


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser("dateline", description="News to clean, deduplicated, tagged Parquet.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for each in COMMANDS:
        formatter = argparse.RawDescriptionHelpFormatter if each.epilog else argparse.HelpFormatter
        made = commands.add_parser(
            each.name,
            help=each.summary,
            description=each.description,
            epilog=each.epilog,
            formatter_class=formatter,
            allow_abbrev=False,
        )
        each.declare(made)
        made.set_defaults(command=each)
    return parser


if __name__ == "__main__":
    sys.exit(main())
