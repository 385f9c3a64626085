"""The forms in which feeds write dates: one regular expression each, for text in lower case and single spaces."""

import re
from unicodedata import decimal, normalize

# Hours up to 14, for no zone is further from UTC.
_OFFSET = r"[+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?"
_ZONE = rf"(?P<tz>[a-z][a-z_]*/[a-z0-9_/+-]+|[a-z]{{1,5}}(?: ?{_OFFSET})?|{_OFFSET})?"
_TIME = (
    r"(?P<h>\d{1,2})(?:(?P<colon>[:.h])(?P<mi>\d\d)(?:(?P=colon)(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?)?)?"
    rf"(?: ?(?P<ap>[ap])\.?m\.?(?![a-z])| uhr| hrs)? ?{_ZONE}"
)
_AT = rf"(?:[ ,t]+(?:(?:at|um|à|às|as|a las|alle|kl\.?|klo|o|om|ob|в|о|-|–|\|) )?{_TIME})?"
_WEEKDAY = r"(?:[^\W\d_]+(?:\.,? ?| ?, ?| ))?"
_OF = r"(?:de |del |d['’]|of )?"
_NAME = r"(?P<name>[^\s\d.,:/()+'-]{3,12})\.?"
_YEAR = r"(?P<y>\d{4})(?: ?(?:г|года|р|року)\b\.?)?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"

_NUMBERS_FIRST = (
    # ISO 8601, RFC 3339, W3CDTF and relatives: 2025-03-22T10:15:00+01:00, 2025/3/22 10:15, 2025-003-22
    rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>0?\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})\.?(?:z|{_AT})",
    # 22-Mar-25, 22. März 2025, 22 de marzo de 2025
    rf"(?P<d>\d{{1,2}}){_ORDINAL},?[ -]?{_OF}{_NAME},?[ -]?{_OF}(?:{_YEAR}|(?P<yy>\d\d)),?{_AT}",
    # 22/03/2025, where only one reading is a date
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}){_AT}",
    # 2025. március 22., 2004-július-13T9:15, 2025 m. kovo 22 d.
    rf"(?P<y>\d{{4}})(?: m)?\.?[ -]?{_NAME}[ -](?P<d>\d{{1,2}})(?: d)?\.?,?{_AT}",
    # ISO 8601 basic, in whole or in part: 20250322T101500Z, 20250322, 2025-03-22T101500Z
    r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    rf"(?:t?(?P<h>\d\d)(?P<colon>:?)(?P<mi>\d\d)(?:(?P=colon)(?P<s>\d\d)(?:[.,](?P<f>\d{{1,9}}))?)?(?P<tz>z|{_OFFSET})?)?",
    # ISO 8601 week and ordinal dates: 2025-W12-6, 2025-081
    r"(?P<y>\d{4})-?w(?P<week>\d\d)-?(?P<weekday>\d)",
    r"(?P<y>\d{4})-(?P<ordinal>\d{3})",
    # seconds or milliseconds since the epoch
    r"(?P<seconds>\d{10})(?P<millis>\d{3})?",
)
_WORDS_FIRST = (
    # RFC 822 and relatives: Sat, 22 Mar 2025 10:15:00 GMT
    _WEEKDAY + _NUMBERS_FIRST[1],
    # March 22, 2025 10:15 AM EST
    rf"{_WEEKDAY}{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}),?{_AT}",
    # asctime, date(1): Sat Mar 22 10:15:00 UTC 2025
    rf"{_WEEKDAY}{_NAME} (?P<d>\d{{1,2}}),? {_TIME} (?P<y>\d{{4}})",
    # Sat, 2025/03/22 10:15:00 EDT; Samstag, 22.03.2025
    _WEEKDAY + _NUMBERS_FIRST[0],
    _WEEKDAY + _NUMBERS_FIRST[2],
    _WEEKDAY + _NUMBERS_FIRST[3],
)
NUMBERS_FIRST = [re.compile(form) for form in _NUMBERS_FIRST]
WORDS_FIRST = [re.compile(form) for form in _WORDS_FIRST]

_COMMENT = re.compile(r"\([^()]*\)")
_REGION = re.compile(r"(?<=[\dz])\[([a-z0-9_/+-]+)\]$")  # RFC 9557: 2025-03-22T10:15+01:00[europe/paris]
_OWN_OFFSET = re.compile(r"(?:z|[+-][\d:]+)$")
_EASTERN_DAY = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일号號]?")
_EASTERN_WEEKDAY = re.compile("[月火水木金土日]曜日?|(?:星期|周|週)[一二三四五六日天]|[월화수목금토일]요일")
_EASTERN_TIME = re.compile(
    r"(?<![\d+:-])(?:([上下]午|午[前後]|오[전후]) ?)?"
    r"(\d{1,2}) ?[:時时點点시] ?(\d{1,2})(?: ?[:分분] ?(\d{1,2}))? ?[分秒분초]?"
)
_HALVES = {"上午": "am", "午前": "am", "오전": "am", "下午": "pm", "午後": "pm", "오후": "pm"}


def plain_date(raw: str) -> str:
    """A date in the letters, digits and spacing that the forms have, without comments (RFC 822, 3.4.3)."""
    text = " ".join(raw.lower().split())
    if not text.isascii():
        text = _western(normalize("NFKC", text))
    if "(" in text:
        text = _without_comments(text)
    if text.endswith("]") and (region := _REGION.search(text)):
        text = text[: region.start()]
        text += "" if _OWN_OFFSET.search(text, 11) else f" {region[1]}"
    return text


def is_korean(raw: str) -> bool:
    """Whether there is a Hangul syllable in the text."""
    return not raw.isascii() and any("가" <= letter <= "힣" for letter in raw)


def _without_comments(text: str) -> str:
    for _ in range(3):  # comments may hold comments
        text = _COMMENT.sub(" ", text)
    return " ".join(text.split())


def _western(text: str) -> str:
    """With ASCII digits; years, months and days, hours, minutes and seconds without their East Asian signs."""
    text = "".join([str(decimal(letter, letter)) for letter in text]).replace("\u2212", "-").replace("\u200e", "")
    text = _EASTERN_DAY.sub(r"\1-\2-\3 ", text)
    text = _EASTERN_TIME.sub(_western_time, _EASTERN_WEEKDAY.sub(" ", text))
    return " ".join(text.split())


def _western_time(match: re.Match[str]) -> str:
    half, hour, minute, second = match.groups()
    time = ":".join([hour, *(part.zfill(2) for part in (minute, second) if part)])
    return f" {time} {_HALVES.get(half, '')} "
