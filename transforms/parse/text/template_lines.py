"""Lines of a page's template that were copied along with its text."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

from transforms.parse.text.wrapped_lines import is_wrapped

_LONGEST = 100  # characters; a line of the template is short
_LONGEST_PATTERN = 300
_LONGEST_LINK = 150  # a headline that leads to another article
_SHORTEST_PROSE = 60  # of a sentence
_MOST_LINKS = 80  # lines, blank ones included
_NETWORKS = "facebook twitter linkedin whatsapp telegram pinterest reddit tumblr email print bluesky 微博 微信"
_AROUND = (
    "x messenger instagram threads mastodon flipboard pocket line viber e mail copy link share tweet pin sms"
    " via on to this by facebooktwitter en auf sur su por correo teilen drucken partager imprimer compartir enviar"
    " imprimir condividi stampa delen partilhar compartilhar kopieren copier copiar"
)
_SHARE_NAMES = frozenset(_NETWORKS.split())
_SHARE_WORDS = _SHARE_NAMES.union(_AROUND.split())
_PAGING = frozenset(["newer", "older", "previous", "prev", "next"])
_PAGING_WORDS = _PAGING.union(["post", "posts", "article", "articles", "story", "stories", "page", "home", "and"])
_FEWEST_IN_BAR = 3  # names of sections
_IN_HEADER = ("start", "anywhere", "end")
_BELOW = {"end", "sections"}
_CAPTION_SIGNS = ":：/"
_NONE = frozenset[str]()
_SENTENCE_ENDS = (".", ",", ";")  # the last line of a wrapped paragraph may well be one word
_WORD = re.compile(r"\d[\d.,]*|[^\W\d_]+")
_DOTTED = "i\u0307"  # the Turkish capital with a dot, in lower case


def drop_template_lines(lines: list[str]) -> list[str]:
    """The lines without those of a template at the start and at the end; never all of them."""
    start = next((n for n, line in enumerate(lines) if line and not is_opening_line(line)), len(lines))
    end = _find_end(lines, start)
    return lines[start:end] if start < end else lines


def _find_end(lines: list[str], start: int) -> int:
    """Where the template's lines below a text begin; a number alone is one of them only above another."""
    end, has_below = len(lines), False
    while end > start:
        line = lines[end - 1]
        if line and not is_closing_line(line) and not (has_below and line.isdecimal()):
            break
        has_below = has_below or bool(line)
        end -= 1
    return end


def drop_inner_lines(lines: list[str]) -> list[str]:
    """The lines without those that a template puts between paragraphs; a wrapped paragraph is left whole."""
    kept: list[str] = []
    for has_text, group in groupby(_drop_captions(lines), key=bool):
        block = list(group)
        if has_text and (len(block) == 1 or not is_wrapped(block)):
            block = [line for line in block if "anywhere" not in _find_sections(line)]
            block = [] if _is_link(block) else block
        kept += block
    return kept


def _is_link(block: list[str]) -> bool:
    """Whether a block is `Related article` and the headline that it leads to."""
    return len(block) == 2 and "links" in _find_sections(block[0]) and not block[1].endswith(_SENTENCE_ENDS)


def _drop_captions(lines: list[str]) -> list[str]:
    """The lines without a caption that the line above it announces."""
    labels = [n for n, line in enumerate(lines) if len(line) < _SHORTEST_PROSE and "captions" in _find_sections(line)]
    captions = {next((n for n in range(label + 1, len(lines)) if lines[n]), label) for label in labels}
    return [line for n, line in enumerate(lines) if n not in captions or len(line) > _LONGEST_PATTERN]


def drop_sections(lines: list[str]) -> list[str]:
    """The lines before a heading such as `Related articles`, where only headlines and template lines follow it."""
    start = len(lines)
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number]
        is_prose = len(line) > _SHORTEST_PROSE and line.endswith(_SENTENCE_ENDS)
        if is_prose or len(line) > _LONGEST_LINK or len(lines) - number > _MOST_LINKS:
            break
        if "sections" in _find_sections(line):
            start = number
    return lines[:start]


def is_opening_line(line: str) -> bool:
    """Whether a line is what a template puts above a text."""
    return "start" in _find_sections(line)


def is_header_line(line: str) -> bool:
    """Whether a line is what a template puts between a title and its text."""
    return not _find_sections(line).isdisjoint(_IN_HEADER) or line.isdecimal()


def is_kicker(line: str) -> bool:
    """Whether a line names a section of a newspaper."""
    return "kickers" in _find_sections(line)


def is_closing_line(line: str) -> bool:
    """Whether a line is what a template puts below a text: comments, navigation, subscription, a share bar."""
    return "end" in _find_sections(line)


def _find_sections(line: str) -> frozenset[str]:
    return _look_up(line) if 0 < len(line) <= _LONGEST_PATTERN else _NONE


@lru_cache(maxsize=8192)
def _look_up(line: str) -> frozenset[str]:
    """The sections of the tables that a line is in."""
    found = {name for name, pattern in _patterns().items() if pattern.fullmatch(line)}
    if any(sign in line for sign in _CAPTION_SIGNS) and _captions().search(line):
        found.add("anywhere")
    return frozenset(found | _find_phrase(line)) if len(line) <= _LONGEST else frozenset(found)


def _find_phrase(line: str) -> set[str]:
    phrase = _normalise(line)
    found = _phrases().get(phrase, set[str]())
    words = [word for word in phrase.split() if word != "0"]
    if not phrase or _is_bar(words, _SHARE_WORDS, _SHARE_NAMES) or _is_bar(words, _PAGING_WORDS, _PAGING):
        found = found | {"end"}
    if len(words) >= _FEWEST_IN_BAR and all("kickers" in _phrases().get(word, _NONE) for word in words):
        found = found | {"start"}
    return found - _BELOW if line.endswith(_SENTENCE_ENDS) else found


def _is_bar(words: list[str], allowed: frozenset[str], needed: frozenset[str]) -> bool:
    """Nothing but words of a bar of buttons, such as "Share on Facebook Twitter Email" or "Newer Post Home"."""
    return allowed.issuperset(words) and not needed.isdisjoint(words)


def _normalise(line: str) -> str:
    folded = line.casefold().replace(_DOTTED, "i")
    return " ".join(["0" if word[0].isdigit() else word for word in _WORD.findall(folded)])


@cache
def _phrases() -> dict[str, set[str]]:
    """The sections of each phrase."""
    phrases: dict[str, set[str]] = {}
    for name, lines in _read_sections("template_lines.txt").items():
        for line in lines:
            phrases.setdefault(line, set()).add(name)
    return phrases


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    sections = _read_sections("template_patterns.txt")
    return {name: _compile(lines) for name, lines in sections.items() if name != "captions"}


@cache
def _captions() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})$" for line in _read_sections("template_patterns.txt")["captions"]))


def _compile(lines: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE)


def _read_sections(file: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].isalpha():
            current = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections
