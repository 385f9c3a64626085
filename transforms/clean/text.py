"""Plain text: no invisible or control characters, NFC, one kind of white space, mojibake repaired."""

import re
from unicodedata import normalize

import ftfy

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no white space
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # hyphens, widths, directions
    "\ufff0-\ufffb\U000e0000-\U000e007f"  # annotations, tags
    "\ud800-\udfff\ufdd0-\ufdef"  # surrogates, noncharacters
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)  # fmt: skip
# Persian, Indic scripts and emoji spell with joiners; anywhere else they only hide in words.
_NEEDLESS_JOINER = re.compile(r"(?<![^\s\u0000-\u058f\u2000-\u218f])[\u200c\u200d]")
_LOOSE_JOINER = re.compile(r"[\u200c\u200d](?!\S)")
# What most texts hold beside visible ASCII: printable, and in NFC whatever it follows.
_ORDINARY = re.compile("[\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2800]*")
_FREQUENT = bytes(range(ord(" "), 0x7F)) + b"\n"
_OBJECT = "\ufffc"  # stands for a picture that is not there; the one such character that counts as printable
_SPACES = re.compile("   *")  # what begins with two characters is found faster than with one and a repeat
_GAP = re.compile(r"\n{3,}")

# Bytes of UTF-8 read as Windows-1252 or Latin-1: a lead byte and as many continuation bytes as it asks for.
_CONTINUATION = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ\u017d‘’“”•–—˜™š›œ\u017eŸ]"
_MOJIBAKE = re.compile(
    "[\x80-\x9f\xc2-\xf4](?:(?<=[\x80-\x9f])|(?<=[\xc2-\xdf])C|(?<=[\xe0-\xef])C{2}|(?<=[\xf0-\xf4])C{3})"
    .replace("C", _CONTINUATION)
)  # fmt: skip
_REPAIRABLE_LINE = 100_000  # characters; longer lines would take ftfy seconds


def clean_line(text: str) -> str:
    """The text on one line: NFC, single spaces, nothing invisible, no lone surrogates. Idempotent."""
    text = text.replace(_OBJECT, "")
    if not text.isprintable():
        text = " ".join(text.split())  # often there is nothing but a no-break space
        if not text.isprintable():
            text = _without_invisible(text)
    if not text.isascii():
        text = normalize("NFC", text)
    return " ".join(text.split()) if "  " in text or text != text.strip() else text


def clean_text(text: str) -> str:
    """As `clean_line`, but lines are kept, and paragraphs: they are separated by one blank line."""
    if " \n" in text or "\n " in text or "\n\n\n" in text or text != text.strip():
        return _clean_lines(text)
    return clean_laid_out(text)


def clean_laid_out(text: str, rare: str | None = None) -> str:
    """As `clean_text`, of a text whose lines and paragraphs are already as they should be; `rare` as above."""
    if not _ORDINARY.fullmatch(rare_characters(text) if rare is None else rare):
        if _OBJECT in text or not text.replace("\n", "").isprintable():
            return _clean_lines(text)
        text = normalize("NFC", text)
    return _SPACES.sub(" ", text) if "  " in text else text


def repair_mojibake(text: str, rare: str | None = None) -> str:
    """The text with UTF-8 that was read as a one-byte encoding put right, line by line, by ftfy.

    The same string comes back where there is no trace of it. `rare` are its `rare_characters`, where they are known.
    """
    if text.isascii() or not _MOJIBAKE.search(rare_characters(text) if rare is None else rare):
        return text
    return "".join([_repair_line(line) for line in text.splitlines(keepends=True)])


def rare_characters(text: str) -> str:
    """The characters but visible ASCII, spaces and line ends, in order: a hundredth of most texts."""
    return text.encode(errors="surrogatepass").translate(None, _FREQUENT).decode(errors="surrogatepass")


def _repair_line(line: str) -> str:
    if len(line) > _REPAIRABLE_LINE or not _MOJIBAKE.search(line):
        return line
    return ftfy.fix_encoding(line)


def _clean_lines(text: str) -> str:
    lines = "\n".join([clean_line(line) for line in text.splitlines()])
    if "\n\n\n" in lines:
        lines = _GAP.sub("\n\n", lines)
    return lines.strip("\n")


def _without_invisible(text: str) -> str:
    text = normalize("NFC", _INVISIBLE.sub("", text))
    if "\u200c" in text or "\u200d" in text:
        text = _LOOSE_JOINER.sub("", _NEEDLESS_JOINER.sub("", text))
    return " ".join(text.split())
