"""What stands before a text in a form for machines: front matter, the headers of a message, `Key: value` lines."""

import re

from transforms.parse.text.mail import decode_words
from transforms.parse.text.said import Said, find_field

_FENCES = ("---", "+++")
_MOST_LINES = 100
_MOST_CHARACTERS = 50_000
_FENCED = re.compile(r"[\"']?([\w .-]{1,40}?)[\"']? *[:=](?: +(.*))?")
_HEADER = re.compile(r"[*_]{0,2}([^\W\d_][\w '’-]{0,39}?)[*_]{0,2} ?[:：](?:[*_]{0,2}[ \t\u3000]*(.*))")
_NAME = re.compile(r"(?:name|title): +")  # of an item that is a mapping
_MBOX = re.compile(r"From \S+ .{10,60}\d{4}")
# What replies, forwards and mailing lists put before a subject.
_BEFORE_SUBJECT = re.compile(
    r"(?:(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw)(?:\[\d+\])? ?[:：]|\[[\w.-]{2,30}\]) ?)+", re.IGNORECASE
)
_FEWEST_FIELDS = 2

Pairs = list[tuple[str, str]]


def split_front_matter(text: str, said: Said) -> str:
    """The text after front matter or headers, which are added to what it says of itself."""
    lines = text[:_MOST_CHARACTERS].splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if not line.isspace()), 0)
    fence = lines[start].strip() if lines else ""
    is_fenced = fence in _FENCES
    first = start + (is_fenced or _MBOX.fullmatch(fence) is not None)
    end = _find_line(lines, first, fence if is_fenced else "")
    block = lines[first:end]
    pairs = _read_fenced(block) if is_fenced else _read_headers(block)
    fields = [find_field(key) for key, _ in pairs]
    if not _is_header(fields) and not (is_fenced and pairs and end < len(lines)):
        return text
    for field, (_, value) in zip(fields, pairs, strict=True):
        _add(said, field, value)
    return text[sum(map(len, lines[: end + 1])) :]


def _find_line(lines: list[str], start: int, wanted: str) -> int:
    """The number of the first line that is the one wanted; past the last where none is within the bound."""
    end = min(len(lines), start + _MOST_LINES)
    return next((number for number in range(start, end) if lines[number].strip() == wanted), len(lines))


def _is_header(fields: list[str]) -> bool:
    """Whether most keys are those of a header; `When:` and `Where:` are an invitation's."""
    known = {field for field in fields if field not in ("", "other")}
    return len(known) >= _FEWEST_FIELDS and 2 * fields.count("") <= len(fields)


def _read_fenced(lines: list[str]) -> Pairs:
    """The pairs of YAML or TOML front matter, nested ones aside; each item of a list is a pair."""
    pairs, key = Pairs(), ""
    for line in lines:
        item = line.strip()
        if item.startswith("- ") and key:
            pairs.append((key, _unquote(_NAME.sub("", item[2:]))))
        elif not line[:1].isspace() and (found := _FENCED.fullmatch(item)):
            key, value = found.group(1), (found.group(2) or "").strip()
            values = value[1:-1].split(",") if value[:1] == "[" and value[-1:] == "]" else [value]
            pairs += [(key, _unquote(part)) for part in values]
    return pairs


def _read_headers(lines: list[str]) -> Pairs:
    """The pairs of lines that are all `Key: value`, or indented, which goes on with the value; none for others."""
    pairs = Pairs()
    for line in lines:
        if line[:1].isspace() and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
        elif found := _HEADER.fullmatch(line.strip()):
            pairs.append((found.group(1), found.group(2).strip()))
        else:
            return []
    return [(key, decode_words(value)) for key, value in pairs]


def _add(said: Said, field: str, value: str) -> None:
    if field == "title":
        before = _BEFORE_SUBJECT.match(value)
        value = value[before.end() :] if before else value
    if field == "authors" and "@" in value:
        said.add(field, value)
    elif field:
        said.add_given(field, value)


def _unquote(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
