"""Author names, of what feeds put in their place."""

import re
from collections.abc import Iterable

_BY = re.compile(r"(?:written )?by(?: |:\s*)", re.IGNORECASE)
_MAIL = r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_NAMED_MAIL = re.compile(rf"(?:mailto:)?{_MAIL} ?\((?P<after>[^()]+)\)|(?P<before>[^<>]+?) ?[<(]{_MAIL}[>)]")
_SEPARATOR = re.compile(r" ?[;|] ?")


def clean_authors(lines: Iterable[str]) -> list[str]:
    """Names, each once, in the order given: without `By` and without the e-mail address of a named author.

    A line is split at semicolons and bars alone; a comma or an `and` may belong to a name.
    """
    names = (_name(part) for line in lines for part in _SEPARATOR.split(line))
    return list(dict.fromkeys(name for name in names if name))


def _name(line: str) -> str:
    if "@" in line and (named := _NAMED_MAIL.fullmatch(line)):
        line = named["after"] or named["before"]
    by = _BY.match(line)
    return line[by.end() :].strip() if by else line.strip()
