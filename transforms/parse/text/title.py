"""The title and the lead of a plain text. Lines are stripped; an empty one is a blank line."""

import re

from transforms.parse.text.wrapped_lines import is_wrapped, join_lines

_LONGEST_TITLE = 200  # characters
_LONGEST_SENTENCE = 80  # of a title that ends in a full stop
_LONGEST_SHORT = 300  # of a bullet
_MOST = 20  # bullets of a lead, repeats of a title; a longer list is something else
_NEAR = 0.8  # of the words of two lines, in common
_BULLET = re.compile(r"([•‣◦▪●∙·–—*-]|\d{1,2}[.)])\s+(\S.*)")
_PLAIN_BULLETS = "•‣◦▪●∙·"  # signs that open nothing else; a dash may open speech
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
# Between a page's title and the name of its site.
SITE = re.compile(
    r"\s(?:::|[|–—·•»«‹-])\s|｜|(?<=[\u3040-\u9fff\uac00-\ud7a3])[_-]{1,2}(?=[\u3040-\u9fff\uac00-\ud7a3])"
)
_WORD = re.compile(r"\w+")
_STOPS = (".", "。", "।", "۔", "…")
_PAUSES = (",", ";", ":", "，", "、", "；", "：")


def split_title(lines: list[str], given: str = "") -> tuple[str, list[str]]:
    """The title, empty where the first line reads as a text, and the lines after it and its repeats.

    A `given` title is the title; only its repeats are looked for.
    """
    if given:
        return _skip_repeats(given, lines)
    block, rest = take_block(lines)
    if not block:
        return "", []
    if not is_wrapped(block):
        block, rest = block[:1], block[1:] + rest
    title = join_lines(block[:_MOST])
    following = skip_blank(rest)
    repeat = choose_title(title, following[0]) if following else ""
    if not repeat and not _reads_as_title(title, rest):
        return "", lines
    return _skip_repeats(title, rest)


def _skip_repeats(title: str, rest: list[str]) -> tuple[str, list[str]]:
    """The title, or a shorter form of it that follows, and the lines after its repeats."""
    for _ in range(_MOST):
        following = skip_blank(rest)
        if not following or not (_UNDERLINE.fullmatch(following[0]) or choose_title(title, following[0])):
            break
        title = choose_title(title, following[0]) or title
        rest = following[1:]
    heading = _HEADING.fullmatch(title)
    return heading.group(1).rstrip("# ") if heading else title, rest


def split_lead(lines: list[str]) -> tuple[list[str], list[str]]:
    """The bullets that stand before a body, without their signs, and the lines after them."""
    bullets: list[str] = []
    signs = set()
    rest = skip_blank(lines)
    while rest and len(bullets) <= _MOST:
        found = _match_short(_BULLET, rest[0])
        if found:
            signs.add(found.group(1))
            bullets.append(found.group(2))
        elif bullets and rest[0][:1].islower() and len(rest[0]) <= _LONGEST_SHORT:
            bullets[-1] = join_lines([bullets[-1], rest[0]])
        else:
            break
        rest = rest[1:] if rest[1:2] != [""] else _next_bullet(rest[1:])
    enough = 1 if signs.issubset(_PLAIN_BULLETS) else 2
    if not enough <= len(bullets) <= _MOST or not skip_blank(rest):
        return [], lines
    return bullets, rest


def choose_title(title: str, line: str) -> str:
    """Of a title and the line below it the one to keep, where the line repeats the title; else nothing."""
    if len(line) > 2 * _LONGEST_TITLE:
        return ""
    ours, others = _words(title), _words(line)
    if ours == others:
        return title
    for long, short, words in ((title, line, others), (line, title, ours)):
        parts = [(long[: found.start()], long[found.end() :]) for found in SITE.finditer(long)]
        if words and any(words in (_words(before), _words(after)) for before, after in parts):
            return short
    common = len(set(ours) & set(others)) / max(1, len(set(ours) | set(others)))
    return title if common >= _NEAR and list(filter(str.isdigit, ours)) == list(filter(str.isdigit, others)) else ""


def take_block(lines: list[str]) -> tuple[list[str], list[str]]:
    """The first lines that stand together, and what follows them."""
    lines = skip_blank(lines)
    end = next((number for number, line in enumerate(lines) if not line), len(lines))
    return lines[:end], lines[end:]


def skip_blank(lines: list[str]) -> list[str]:
    """The lines from the first that is not blank."""
    start = next((number for number, line in enumerate(lines) if line), len(lines))
    return lines[start:]


def _match_short(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.fullmatch(line) if len(line) <= _LONGEST_SHORT else None


def _next_bullet(lines: list[str]) -> list[str]:
    """After a blank line only another bullet goes on with the list."""
    following = skip_blank(lines)
    return following if following and _BULLET.fullmatch(following[0]) else lines


def _reads_as_title(title: str, rest: list[str]) -> bool:
    """Short, not a bullet, and no sentence unless a much longer paragraph follows it."""
    if len(title) > _LONGEST_TITLE or title.endswith(_PAUSES) or _BULLET.fullmatch(title):
        return False
    if not title.endswith(_STOPS):
        return True
    block, _ = take_block(rest)
    stands_alone = rest[:1] == [""]
    return len(title) <= _LONGEST_SENTENCE and stands_alone and sum(map(len, block)) >= 2 * len(title)


def _words(line: str) -> list[str]:
    return _WORD.findall(line.casefold())
