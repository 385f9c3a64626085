"""What a web page says of itself: its meta elements, its JSON-LD, its canonical link. Nothing is guessed."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from transforms.parse.json_ld import read_article_statements

# Where each value stands, best first: names of meta elements in lower case, properties of JSON-LD after a colon.
_TITLE = ("og:title", ":headline", "twitter:title", "dc.title", "title")
_DESCRIPTION = ("og:description", "description", ":description", "twitter:description", "dc.description")
_AUTHORS = (":author", "author", "article:author", "parsely-author", "byl", "dc.creator", "citation_author")
_SITE = ("og:site_name", ":publisher", "application-name", "dc.publisher")
_IMAGE = ("og:image", "og:image:url", ":image", "twitter:image", "twitter:image:src")
_LANGUAGE = (":inLanguage", "og:locale", "dc.language", "content-language")
_CATEGORIES = (":articleSection", "article:section", "article:tag", ":keywords", "news_keywords", "keywords")
_RIGHTS = (":copyrightNotice", "dc.rights", "copyright")
_LINK = ("canonical", "og:url", ":url", ":mainEntityOfPage")
_PUBLISHED = (
    *(":datePublished", "article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date", "citation_publication_date"),
    *("pubdate", "publish-date", "publication_date", "date"),
)
_UPDATED = (":dateModified", "article:modified_time", "og:updated_time", "datemodified", "last-modified")
_FREE = (":isAccessibleForFree", "article:content_tier")

_ZONE = re.compile(r"\d(?:Z|z|\s*(?:UTC|GMT)|\s*[+-]\d\d:?\d\d)$")
_LONGEST_NAME = 100

Statements = dict[str, list[str]]


@dataclass(frozen=True)
class PageMetadata:
    """The values that a page states, as it states them; empty where it does not."""

    title: str
    description: str
    authors: list[str]
    site: str
    image: str
    link: str
    language: str
    categories: list[str]
    rights: str
    published: str
    updated: str
    paywalled: bool | None


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """The metadata of a parsed page."""
    stated = _read_statements(tree)
    site = _first(stated, _SITE).removeprefix("@")
    title = _first(stated, _TITLE) or _heading(tree)
    return PageMetadata(
        title=_strip_site(title, site),
        description=_first(stated, _DESCRIPTION),
        authors=_authors(stated),
        site=site,
        image=_first(stated, _IMAGE),
        link=_first(stated, _LINK),
        language=tree.get("lang") or _first(stated, _LANGUAGE),
        categories=_categories(stated),
        rights=_first(stated, _RIGHTS),
        published=_first_zoned(stated, _PUBLISHED),
        updated=_first_zoned(stated, _UPDATED),
        paywalled=_paywalled(stated),
    )


def _read_statements(tree: HtmlElement) -> Statements:
    stated: Statements = {f":{key}": values for key, values in read_article_statements(tree).items()}
    for element in tree.iter("meta"):
        names = map(element.get, ("property", "name", "itemprop", "http-equiv"))
        _add(stated, next(filter(None, names), None), element.get("content"))
    for element in tree.iter("time"):
        _add(stated, element.get("itemprop"), element.get("datetime"))
    for element in tree.iter("link"):
        is_canonical = "canonical" in (element.get("rel") or "").lower().split()
        _add(stated, "canonical" if is_canonical else None, element.get("href"))
    return stated


def _add(stated: Statements, name: str | None, value: str | None) -> None:
    if name and value and value.strip():
        stated.setdefault(name.strip().lower(), []).append(value.strip())


def _first(stated: Statements, names: tuple[str, ...]) -> str:
    return next((value for name in names for value in stated.get(name, [])), "")


def _first_zoned(stated: Statements, names: tuple[str, ...]) -> str:
    """The first time that says in which zone it is, else the first. Year 1 is how some systems write no date."""
    found = [value for name in names for value in stated.get(name, [])]
    values = [value for value in found if not value.startswith("0001-")]
    return next((value for value in values if _ZONE.search(value)), values[0] if values else "")


def _authors(stated: Statements) -> list[str]:
    """Of the first place that names any; addresses of profiles are no names."""
    for name in _AUTHORS:
        found = [author for author in stated.get(name, []) if "://" not in author and len(author) <= _LONGEST_NAME]
        if found:
            return list(dict.fromkeys(found))
    return []


def _categories(stated: Statements) -> list[str]:
    found = [value for name in _CATEGORIES for value in stated.get(name, [])]
    names = [part.strip() for value in found for part in value.split(",")]
    return list(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST_NAME))


def _paywalled(stated: Statements) -> bool | None:
    value = _first(stated, _FREE).lower()
    return {"true": False, "free": False, "false": True, "locked": True, "metered": True}.get(value)


def _heading(tree: HtmlElement) -> str:
    """The only h1, else the title element."""
    headings = list(tree.iter("h1"))
    element = headings[0] if len(headings) == 1 else tree.find(".//title")
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _strip_site(title: str, site: str) -> str:
    """The title without the name of the site that ends it."""
    if site and title.lower().endswith(site.lower()):
        shorter = title[: -len(site)].rstrip()
        if shorter.endswith(("|", "–", "—", "-", "·", "»", ":")):
            return shorter[:-1].rstrip()
    return title
