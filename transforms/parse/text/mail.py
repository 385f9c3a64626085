"""Messages: encoded words and bodies, quoted lines, attributions."""

import re
from binascii import a2b_base64
from email.errors import HeaderParseError
from email.header import decode_header
from itertools import groupby
from quopri import decodestring

_ESCAPE = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}|\s)*+(?:[A-Za-z0-9+/]{2,3}=*+\s*+)?", re.ASCII)
_FEWEST_ESCAPES = 3
_MOST_OTHER = 0.1  # of the equals signs, that are no escape
_ATTRIBUTION = re.compile(
    r".{0,200}(?:wrote|writes|said|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev) ?:", re.I
)
_ATTRIBUTION_START = re.compile(r"(?:on|am|le|el|em|il|op|den)\s.{0,60}\d", re.IGNORECASE)
_MOSTLY = 0.9


def decode_words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) decoded; as it is where they cannot be."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
        decoded = "".join(
            part if isinstance(part, str) else part.decode(name or "ascii", "replace") for part, name in parts
        )
        decoded.encode()  # some of Python's encodings give lone surrogates
    except (HeaderParseError, LookupError, ValueError):
        return value
    return decoded


def decode_body(text: str, encodings: list[str]) -> str:
    """The text without its transfer encoding (RFC 2045): the one that a header names, or that leaves no doubt."""
    named = {encoding.casefold() for encoding in encodings}
    if "base64" in named and _BASE64.fullmatch(text):
        return _decode_bytes(a2b_base64(f"{text}=="))
    if "quoted-printable" in named or _is_quoted_printable(text):
        return _decode_bytes(decodestring(text.encode("utf-8")))
    return text


def _is_quoted_printable(text: str) -> bool:
    """Whether a text holds escapes such as `=20`, or `=` at the ends of lines, and hardly another equals sign."""
    signs = text.count("=")
    if signs < _FEWEST_ESCAPES:
        return False
    escapes = len(_ESCAPE.findall(text))
    return escapes >= _FEWEST_ESCAPES and signs - escapes <= _MOST_OTHER * signs


def _decode_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def drop_quotes(lines: list[str]) -> list[str]:
    """The lines without those that quote what they answer; where nearly all are quoted, those without the sign."""
    quoted = sum(line.startswith(">") for line in lines)
    if quoted >= _MOSTLY * sum(map(bool, lines)):
        return [line.lstrip("> ") if line.startswith(">") else line for line in lines]
    kept: list[str] = []
    for is_quoted, group in groupby(lines, key=lambda line: line.startswith(">")):
        block = list(group)
        if not is_quoted:
            kept += block
        elif not _drop_attribution(kept):
            kept += [line.lstrip("> ") for line in block]
    return kept


def _drop_attribution(lines: list[str]) -> bool:
    """Take `A wrote:` off the end of the lines; whether it was there, and what follows it is an answer's quotation."""
    is_wrapped = _ATTRIBUTION_START.match(lines[-2]) if len(lines) > 1 else None
    for count in (2, 1) if is_wrapped else (1, 2):
        last = [line for line in lines[-count - 1 :] if line]
        if last and len(" ".join(last[-count:])) < 300 and _ATTRIBUTION.fullmatch(" ".join(last[-count:])):
            while lines and not lines[-1]:
                lines.pop()
            del lines[-count:]
            return True
    return False
