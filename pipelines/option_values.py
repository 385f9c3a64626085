"""What may be given for an option: texts to values, or argparse.ArgumentTypeError, which names the text."""

import argparse
import os
import re
from datetime import UTC, date, datetime, time, timedelta

from schemas import profiles

_LARGEST_COUNT = 1_000
_LONGEST_FLUSH = 86_400
_AGE = re.compile("([0-9]{1,5})d")
_SIZE = re.compile(r"([0-9]{1,12}) ?([kKMG]?)B?")


def clean_path(path: str) -> str:
    """A local path without `file://`, `..` and doubled slashes; that of another filesystem as it is."""
    path = path.removeprefix("file://")
    return path if "://" in path or not path else os.path.normpath(path)


def parse_count(text: str) -> int:
    """A whole number from 0 to 1000."""
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= _LARGEST_COUNT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {_LARGEST_COUNT}")
    return int(text)


def parse_entities(text: str) -> str:
    """A profile of `--entities`, or the name of a model."""
    if text not in profiles.PROFILES and not re.fullmatch("(spacy|hf):.+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(profiles.PROFILES)}, spacy:NAME and hf:NAME")
    return text


def parse_several(text: str) -> int:
    """A whole number from 2 to 1000."""
    if parse_count(text) < 2:
        raise argparse.ArgumentTypeError(f"{text}: one file is not joined with any; give 2 or more")
    return int(text)


def parse_size(text: str) -> int:
    """Bytes, of a text such as 64MB."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 64MB")
    size: int = int(found[1]) * 1000 ** " KMG".index(found[2].upper() or " ")
    return size


def parse_seconds(text: str) -> float:
    """Seconds, more than 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def parse_flush(text: str) -> int:
    """Whole seconds, from 1 to a day."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= _LONGEST_FLUSH):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of seconds from 1 to {_LONGEST_FLUSH}")
    return int(text)


def parse_port(text: str) -> int:
    """The number of a TCP port."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def parse_languages(text: str) -> list[str]:
    """Codes of languages, of a text such as en,fr."""
    codes = [code.strip().lower() for code in text.split(",")]
    if not all(len(code) in (2, 3) and code.isascii() and code.isalpha() for code in codes):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of ISO 639 codes such as en,fr")
    return codes


def parse_date(text: str) -> int:
    """Microseconds since the epoch of a date."""
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days * 86_400_000_000
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 1990-01-01") from None


def parse_before(text: str) -> int:
    """Days since the epoch of a date, or of the day so many days ago, of a text such as 90d; no day to come."""
    today = datetime.now(UTC).date()
    try:
        age = _AGE.fullmatch(text)
        day = today - timedelta(days=int(age[1])) if age else date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not date(1970, 1, 1) < day <= today:
        raise argparse.ArgumentTypeError(f"{text!r} is no past date such as 2025-01-01, nor a number of days: 90d")
    return (day - date(1970, 1, 1)).days


def parse_days(text: str) -> tuple[date, date]:
    """The first and the last of some days, of a text such as 2025-03-01..2025-03-31, or 2025-03-01 alone."""
    first, dots, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last if dots else first)
    except ValueError:
        days = date.max, date.min
    if days[0] > days[1]:
        raise argparse.ArgumentTypeError(f"{text!r} is no day or days such as 2025-03-01..2025-03-31")
    return days


def parse_time(text: str) -> datetime:
    """A time with its zone; a date alone is its midnight in UTC."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2025-03-22T12:00:00Z") from None
    if given.time() == time.min and len(text) <= 10:
        given = given.replace(tzinfo=UTC)
    if given.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone; add Z for UTC")
    return given
