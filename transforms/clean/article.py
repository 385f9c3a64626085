"""An entry, as its source gave it, to an article that keeps every promise of `schemas.records.Article`."""

from dataclasses import dataclass, field
from functools import lru_cache

from schemas.errors import LanguageNotWanted, raise_failure
from schemas.records import Article, Entry
from transforms.clean.authors import clean_authors
from transforms.clean.bounds import check_size
from transforms.clean.images import lead_image
from transforms.clean.markup import line_to_text
from transforms.clean.publisher import registrable_domain
from transforms.clean.reading import Reading, read_text
from transforms.clean.text import clean_line, repair_mojibake
from transforms.clean.timing import Dates, read_dates
from transforms.clean.urls import canonical_url, is_key_url, web_address, without_credentials

_RAW_DATE = 200  # characters of a raw date that are kept
_REMEMBERED = 100  # characters of a line that is likely to come again


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """The earliest date believed (microseconds since the epoch), and the languages kept (empty: all)."""

    earliest_date: int = 631_152_000_000_000  # 1990-01-01
    languages: list[str] = field(default_factory=list)


def to_article(entry: Entry, settings: CleanSettings) -> Article:
    """The article that an entry holds.

    Raises the `BadRecord` that the entry names as its failure; TooLarge; EmptyArticle where no title and no
    text is left; LanguageNotWanted where `settings.languages` lacks the language, `und` too.
    """
    raise_failure(entry)
    check_size(entry)
    text = read_text(entry)
    if settings.languages and text.language not in settings.languages:
        raise LanguageNotWanted(f"{text.language}: {(text.title or text.body or text.description)[:100]!r}")
    return _assemble(entry, text, read_dates(entry, settings.earliest_date, text.language), canonical_url(entry.link))


def _assemble(entry: Entry, text: Reading, dates: Dates, url: str) -> Article:
    broken_link = ["unusable_url"] if entry.link and not url else []
    return Article(
        source=without_credentials(entry.source),
        feed_url=without_credentials(entry.feed_url),
        collection=clean_line(entry.collection),
        guid=without_credentials(clean_line(entry.guid)),
        url=url,
        url_is_key=bool(url) and not entry.link_is_shared and is_key_url(url),
        publisher=_publisher(entry, url),
        title=text.title,
        description=text.description,
        body=text.body,
        credit=_line(entry.credit),
        content_kind=text.content_kind,
        from_page="body" in entry.from_page,
        authors=clean_authors(map(_line, entry.authors)),
        categories=_names(entry.categories),
        image_url=(entry.image_url and web_address(entry.image_url)) or _lead_image(entry),
        rights=_line(entry.rights),
        paywalled=entry.paywalled,
        language=text.language,
        language_score=text.language_score,
        word_count=text.word_count,
        published_at=dates.published.at,
        published_raw=clean_line(entry.published_raw[:_RAW_DATE]),
        published_source=entry.published_source,
        published_precision=dates.published.precision,
        published_zone=dates.published.zone,
        updated_at=dates.updated_at,
        feed_updated_at=dates.feed_updated_at,
        read_at=entry.read_at,
        quality_flags=sorted(text.flags + dates.flags + broken_link + entry.flags),
    )


def _line(text: str) -> str:
    """A name or a line, cleaned. The same ones come again in every entry of a feed."""
    return (_clean_name(text) if len(text) < _REMEMBERED else _clean_name.__wrapped__(text)) if text else ""


@lru_cache(maxsize=4096)
def _clean_name(text: str) -> str:
    return clean_line(repair_mojibake(line_to_text(text)))


def _names(lines: list[str]) -> list[str]:
    """Each once; a page's sections, tags and keywords repeat each other in other cases."""
    found: dict[str, str] = {}
    for name in filter(None, map(_line, lines)):
        found.setdefault(name.casefold(), name)
    return list(found.values())


def _publisher(entry: Entry, url: str) -> str:
    """The source that the entry names, else the domain of its address, else that of its feed."""
    if named := _line(entry.publisher):
        return registrable_domain(canonical_url(named)) or named
    return registrable_domain(url) or registrable_domain(canonical_url(entry.feed_url))


def _lead_image(entry: Entry) -> str:
    marked_up = (
        entry.body if "body" in entry.markup else "",
        entry.description if "description" in entry.markup else "",
    )
    return next((url for html in marked_up if "<img" in html and (url := lead_image(html, entry.link))), "")
