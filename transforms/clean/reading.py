"""The texts of an entry: cleaned, each in its place, with what is known of them."""

from dataclasses import dataclass

from schemas.errors import EmptyArticle
from schemas.records import Entry
from transforms.clean.endings import without_footer, without_invitation
from transforms.clean.entities import BRACKETS, decode_entities
from transforms.clean.language import detect_language
from transforms.clean.layout import KEPT_SPACE
from transforms.clean.markup import is_lone_link, line_to_text, markup_to_text
from transforms.clean.text import clean_laid_out, clean_line, clean_text, rare_characters, repair_mojibake
from transforms.clean.urls import without_credentials
from transforms.clean.words import count_words

_FULL_TEXT = 200  # words from which a description that stands alone is the article itself
_SUMMARY = 60  # words to which a feed's only text is no more than a summary, wherever it stands
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

    A description that repeats the body is dropped. One of 200 words or more that stands alone becomes the body, for
    many feeds have no other place for it; a marked-up body of fewer than 60 words that stands alone becomes the
    description, for feed software puts summaries there too. Raises EmptyArticle where no text is left.
    """
    raw_title = _title(entry)
    title = repair_mojibake(raw_title)
    is_repaired = title != raw_title
    title = clean_line(title)
    description, is_cut, description_is_repaired = _read(entry, "description")
    body, body_is_cut, body_is_repaired = _read(entry, "body")
    main, is_cut = (body, body_is_cut) if body else (description, is_cut)
    if not (title or main):
        name = without_credentials(entry.link or entry.guid or entry.published_raw)
        raise EmptyArticle(f"no title and no text: {name[:200]!r}")
    language, score = detect_language(f"{title}\n{main[:_SAMPLE]}", entry.language)
    words = count_words(main, language)
    description, body = _place(entry, description, body, words)
    kind = "full" if body and not is_cut else "summary"
    is_repaired = is_repaired or description_is_repaired or body_is_repaired
    flags = _flags(title, description, main, is_cut, is_repaired)
    description, body = (text.replace(KEPT_SPACE, " ") for text in (description, body))
    return Reading(title, description, body, kind, words, language, score, flags)


def _title(entry: Entry) -> str:
    if "title" not in entry.markup:
        return line_to_text(entry.title)
    return markup_to_text(entry.title).replace(KEPT_SPACE, " ")


def _paragraphs(entry: Entry, name: str) -> str:
    text: str = getattr(entry, name)
    if name not in entry.markup:
        return decode_entities(text, BRACKETS).replace(KEPT_SPACE, " ")
    return "" if is_lone_link(text) else markup_to_text(text)


def _read(entry: Entry, name: str) -> tuple[str, bool, bool]:
    """A text cleaned, without what feed software adds to its end; whether it breaks off; whether it was mojibake."""
    raw = _paragraphs(entry, name)
    if not raw:
        return "", False, False
    rare = rare_characters(raw)
    text = repair_mojibake(raw, rare)
    is_repaired = text != raw
    is_laid_out = name in entry.markup
    text = clean_laid_out(text, None if is_repaired else rare) if is_laid_out else clean_text(text)
    text, is_cut = without_invitation(without_footer(text))
    return text, is_cut, is_repaired


def _place(entry: Entry, description: str, body: str, words: int) -> tuple[str, str]:
    """Description and body, each where it belongs."""
    is_marked_up = "body" in entry.markup and "body" not in entry.from_page
    if is_marked_up and words < _SUMMARY and "".join(description.split()) in "".join(body.split()):
        return body, ""
    if body == description or (not body and words >= _FULL_TEXT):
        return "", body or description
    return description, body


def _flags(title: str, description: str, main: str, is_cut: bool, is_repaired: bool) -> list[str]:
    found = {
        "mojibake_repaired": is_repaired,
        "no_text": not main,
        "truncated": bool(main) and is_cut,
        "undecoded_characters": any("\ufffd" in text for text in (title, description, main)),
    }
    return [flag for flag, is_so in found.items() if is_so]
