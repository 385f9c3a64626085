"""What a web page says of itself, one value for each field. Nothing is guessed."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from transforms.parse.links import Address, is_web_address
from transforms.parse.page.statements import Statements, read_statements, text_of
from transforms.parse.text.title import SITE, choose_title

# Where each value stands, best first: names of meta elements, properties of schema.org after a colon, kinds of links
# after an @.
_TITLE = ("og:title", ":headline", "twitter:title", "dc.title", "dcterms.title", "citation_title", "title")
_DESCRIPTION = ("og:description", "description", ":description", "twitter:description", "dc.description")
_AUTHORS = (":author", ":creator", "author", "article:author", "parsely-author", "byl", "dc.creator", "citation_author")
_SITE = ("og:site_name", ":publisher", "application-name", "dc.publisher")
_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", ":image", "twitter:image", "twitter:image:src")
_LANGUAGE = (":inLanguage", "og:locale", "dc.language", "content-language")
_CATEGORIES = (
    *(":articleSection", "article:section", "article:tag", ":keywords", "news_keywords", "keywords"),
    *("parsely-section", "parsely-tags", "sailthru.tags", "dc.subject"),
)
_RIGHTS = (
    *(":copyrightNotice", "dcterms.rights", "dc.rights", "copyright", "rights"),
    *(":license", "@license", "dcterms.license"),
)
_LINK = ("@canonical", "og:url", ":url", ":mainEntityOfPage")
_PUBLISHED = (
    *(":datePublished", "article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "citation_publication_date"),
    *("pubdate", "publish-date", "publication_date", "date"),
)
_UPDATED = (":dateModified", "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")
_FREE = (":isAccessibleForFree", ":hasPart", "article:content_tier")
_IS_FREE = dict.fromkeys(("true", "yes", "1", "free"), True)
_IS_FREE |= dict.fromkeys(("false", "no", "0", "locked", "metered", "paid", "premium"), False)

_ZONE = re.compile(r"\d(?:Z|z|\s*(?:UTC|GMT)|\s*[+-]\d\d:?\d\d)$")
_DAY = len("2025-03-22")
_LONGEST_NAME = 100


@dataclass(frozen=True)
class PageMetadata:
    """The values that a page states, as it states them; empty where it does not. URLs are absolute."""

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
    body: str
    paywalled: bool | None


def read_metadata(tree: LexborHTMLParser, blocks: list[str], address: str) -> PageMetadata:
    """The metadata of a page that was found at `address`, and holds `blocks` of JSON-LD."""
    stated = read_statements(tree, blocks, address)
    base = Address("", "", "", Address("", "", "", address).resolve(_first(stated, ("@base",))) or address)
    site = _first(stated, _SITE).removeprefix("@")
    return PageMetadata(
        title=_strip_site(_title(tree, stated), site),
        description=_first(stated, _DESCRIPTION),
        authors=_authors(stated),
        site=site,
        image=base.resolve(_first(stated, _IMAGE)),
        link=_link(stated, base, address),
        language=_language(tree) or _first(stated, _LANGUAGE),
        categories=_categories(stated),
        rights=_first(stated, _RIGHTS),
        published=_time(stated, _PUBLISHED) or _only(stated.get("@pubdate", [])),
        updated=_time(stated, _UPDATED),
        body=_first(stated, (":articleBody",)),
        paywalled=_paywalled(stated),
    )


def _all(stated: Statements, names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names for value in stated.get(name, []))


def _first(stated: Statements, names: tuple[str, ...]) -> str:
    return next(_all(stated, names), "")


def _only(values: list[str]) -> str:
    """The value, where there is one: several times or authors are those of several articles."""
    return values[0] if len(set(values)) == 1 else ""


def _time(stated: Statements, names: tuple[str, ...]) -> str:
    """The first time, or another of the same day that says in which zone it is.

    Year 1 is how some systems write that there is no date.
    """
    values = [value for value in _all(stated, names) if not value.startswith("0001-")]
    same_day = (value for value in values if value[:_DAY] == values[0][:_DAY] and _ZONE.search(value))
    return next(same_day, values[0] if values else "")


def _authors(stated: Statements) -> list[str]:
    """Of the first place that names any; addresses of profiles are no names."""
    for name in _AUTHORS:
        found = [author for author in stated.get(name, []) if "://" not in author and len(author) <= _LONGEST_NAME]
        if found:
            return list(dict.fromkeys(found))
    named = _only(stated.get("@author", []))
    return [named] if named else []


def _categories(stated: Statements) -> list[str]:
    names = [part.strip() for value in _all(stated, _CATEGORIES) for part in value.split(",")]
    return list(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST_NAME))


def _paywalled(stated: Statements) -> bool | None:
    """Whether any part of the page is said not to be free."""
    found = {_IS_FREE.get(value.lower().rpartition("/")[2]) for value in _all(stated, _FREE)}
    return True if False in found else False if True in found else None


def _link(stated: Statements, base: Address, address: str) -> str:
    """The first address that a page gives itself; its site's home page is none, unless it was found there."""
    found = (base.resolve(value) for value in _all(stated, _LINK))
    return next((link for link in found if is_web_address(link) and not is_home_page(link)), address)


def is_home_page(link: str) -> bool:
    """Whether a URL names a site and not a page of it."""
    return not link.partition("://")[2].partition("#")[0].rstrip("/").partition("/")[2]


def _language(tree: LexborHTMLParser) -> str:
    return (tree.root.attributes.get("lang") or "") if tree.root is not None else ""


def _title(tree: LexborHTMLParser, stated: Statements) -> str:
    """The title, or its part that is the only heading; that heading, else the title element, where none is stated."""
    title = html.unescape(_first(stated, _TITLE))  # some escape it twice
    if title and not SITE.search(title):
        return title
    heading = headings[0] if len(headings := stated.get("<h1>", [])) == 1 else ""
    return choose_title(title, heading) or title or heading or _title_element(tree)


def _title_element(tree: LexborHTMLParser) -> str:
    element = tree.css_first("title")
    return text_of(element) if element is not None else ""


def _strip_site(title: str, site: str) -> str:
    """The title without the name of the site that ends it."""
    if site and title.lower().endswith(site.lower()):
        shorter = title[: -len(site)].rstrip()
        if shorter.endswith(("|", "–", "—", "-", "·", "»", ":")):
            return shorter[:-1].rstrip()
    return title
