"""The texts of an entry: cleaned, each in its place, with what is known of them."""

from dataclasses import dataclass

from schemas.errors import EmptyArticle
from schemas.records import Entry
from transforms.clean.endings import is_truncated, without_footer
from transforms.clean.language import detect_language
from transforms.clean.markup import line_to_text, markup_to_text
from transforms.clean.text import clean_line, clean_text, repair_mojibake
from transforms.clean.urls import without_credentials
from transforms.clean.words import count_words

_FULL_TEXT = 200  # words from which a description that stands alone is the article itself
_SAMPLE = 200  # characters after the title, enough to tell the language


@dataclass(frozen=True, slots=True)
class Reading:
    """Title, description and body as an Article has them, and what is known of the main text."""

    title: str
    description: str
    body: str
    content_kind: str
    word_count: int
    language: str
    language_score: float
    flags: list[str]


def read_text(entry: Entry) -> Reading:
    """The texts of an entry as plain text.

    A description that repeats the body is dropped. One of 200 words or more that stands alone becomes the
    body: many feeds have no other place for it. Raises TooComplex, and EmptyArticle where no text is left.
    """
    title, description, body = _title(entry), _paragraphs(entry, "description"), _paragraphs(entry, "body")
    repaired = [repair_mojibake(text) for text in (title, description, body)]
    flags = [] if repaired == [title, description, body] else ["mojibake_repaired"]
    title = clean_line(repaired[0])
    description, body = (without_footer(clean_text(text)) for text in repaired[1:])
    main = body or description
    if not (title or main):
        name = without_credentials(entry.link or entry.guid or entry.published_raw)
        raise EmptyArticle(f"no title and no text: {name[:200]!r}")
    language, score = detect_language(f"{title}\n{main[:_SAMPLE]}", entry.language)
    words = count_words(main, language)
    if body == description or (not body and words >= _FULL_TEXT):
        description, body = "", main
    kind = "full" if body else "summary"
    flags += _flags(title, description, main)
    return Reading(title, description, body, kind, words, language, score, flags)


def _title(entry: Entry) -> str:
    return markup_to_text(entry.title) if "title" in entry.markup else line_to_text(entry.title)


def _paragraphs(entry: Entry, name: str) -> str:
    text: str = getattr(entry, name)
    return markup_to_text(text) if name in entry.markup else text


def _flags(title: str, description: str, main: str) -> list[str]:
    found = {
        "no_text": not main,
        "truncated": is_truncated(main),
        "undecoded_characters": any("\ufffd" in text for text in (title, description, main)),
    }
    return [flag for flag, is_so in found.items() if is_so]
