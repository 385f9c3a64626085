"""News sitemaps: what each page becomes, what is left out, and what is no news sitemap."""

import pytest

from schemas.errors import BadRecord, Malformed, NotANewsSitemap, SitemapIndex, TooComplex
from schemas.records import Entry
from tests.make import micros
from tests.parsing import parse, parse_one
from transforms.clean import CleanSettings, to_article
from transforms.parse import sitemaps

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
FERRY = """<loc>https://news.example.org/ferry</loc><lastmod>2025-03-22T09:30:00Z</lastmod>
<news:news><news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-03-21T08:00:00+01:00</news:publication_date><news:title>Ferries &amp; tides</news:title>
<news:keywords>ferries, tides, ferries</news:keywords><news:genres>Opinion</news:genres></news:news>
<image:image><image:loc>https://news.example.org/ferry.jpg</image:loc></image:image>
<image:image><image:loc>https://news.example.org/quay.jpg</image:loc></image:image>"""
BARE = "<loc>https://news.example.org/about</loc>"


def sitemap(*pages: str, attributes: str = NAMESPACES) -> str:
    inside = "".join(f"<url>{page}</url>" for page in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {attributes}>{inside}</urlset>'


def titled(title: str, *more: str) -> str:
    return f"<loc>https://news.example.org/{len(title)}</loc><news:news><news:title>{title}</news:title>{''.join(more)}</news:news>"


def test_a_page_with_all_that_a_sitemap_can_say() -> None:
    entry = parse_one(sitemap(FERRY), source="https://news.example.org/news.xml", is_feed=True, collection="Port")
    assert (entry.link, entry.title) == ("https://news.example.org/ferry", "Ferries & tides")
    assert (entry.published_raw, entry.published_source) == ("2025-03-21T08:00:00+01:00", "entry")
    assert (entry.updated_raw, entry.language, entry.paywalled) == ("2025-03-22T09:30:00Z", "en", None)
    assert entry.categories == ["ferries", "tides", "Opinion"]
    assert entry.image_url == "https://news.example.org/ferry.jpg"
    assert (entry.source, entry.feed_url, entry.collection) == (*2 * ["https://news.example.org/news.xml"], "Port")


def test_the_article_has_the_date_and_no_text() -> None:
    article = to_article(parse_one(sitemap(FERRY)), CleanSettings())
    assert article.published_at == micros("2025-03-21T07:00")
    assert (article.title, article.body, article.content_kind) == ("Ferries & tides", "", "summary")
    assert article.publisher == "example.org"


PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "only lastmod": (titled("Tide") + "<lastmod>2025-03-22</lastmod>", {"published_source": "updated"}),
    "no date at all": (titled("Tide"), {"published_raw": "", "published_source": ""}),
    "subscribers only": (titled("Tide", "<news:access>Subscription</news:access>"), {"paywalled": True}),
    "title in CDATA": (titled("<![CDATA[ Tide & time ]]>"), {"title": "Tide & time"}),
    "bare ampersand": (titled("Tide & time"), {"title": "Tide & time"}),
    "an HTML entity": (titled("Tide &ndash; time"), {"title": "Tide – time"}),
}


@pytest.mark.parametrize(("page", "expected"), PAGES.values(), ids=PAGES)
def test_pages(page: str, expected: dict[str, object]) -> None:
    entry = parse_one(sitemap(page))
    assert {name: getattr(entry, name) for name in expected} == expected


ATTRIBUTES = {"declared": NAMESPACES, "not declared": "", "declared wrongly": 'xmlns:news="https://example.org/news"'}


@pytest.mark.parametrize("attributes", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_namespaces_make_no_difference(attributes: str) -> None:
    assert parse_one(sitemap(titled("Tide"), attributes=attributes)).title == "Tide"


def failures(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.failure, entry.detail) for entry in entries if entry.failure]


def test_pages_without_titles_are_one_failure() -> None:
    entries = parse(sitemap(titled("Tide"), BARE, BARE, "<loc/>"))
    assert failures(entries) == [("NotANewsSitemap", "3 more pages without news titles")]
    assert [entry.title for entry in entries if not entry.failure] == ["Tide"]


def test_pages_past_the_limit_are_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_PAGES", 3)
    entries = parse(sitemap(*[titled("x" * n) for n in range(1, 6)]))
    assert [entry.title for entry in entries if not entry.failure] == ["x", "xx", "xxx"]
    assert failures(entries) == [("TooManyEntries", "5 entries, of which the first 3 are kept")]


def test_a_sitemap_may_be_empty() -> None:
    assert parse(sitemap(), is_feed=True) == []


INDEX = "<sitemapindex><sitemap><loc>https://example.org/1.xml</loc></sitemap><sitemap/></sitemapindex>"
REFUSED: dict[str, tuple[str, type[BadRecord], str]] = {
    "index": (INDEX, SitemapIndex, "2 sitemaps, to be given one by one: https://example.org/1.xml"),
    "no titles": (sitemap(BARE, BARE), NotANewsSitemap, "2 pages without news titles: https://news.example.org/about"),
    "cut short": (sitemap(FERRY)[:-20], Malformed, "not well-formed"),
    "entities": ('<!DOCTYPE u [<!ENTITY a "b">]>' + sitemap(FERRY), TooComplex, "entity definitions"),
    "too deep": (sitemap("<a>" * 300 + "</a>" * 300), TooComplex, "nested"),
    "too many attributes": (sitemap("<a " + " ".join(f'b{n}=""' for n in range(300)) + "/>"), TooComplex, "attributes"),
}


@pytest.mark.parametrize(("text", "error", "detail"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("is_feed", [False, True], ids=["file", "feed"])
def test_what_is_no_news_sitemap(text: str, error: type[BadRecord], detail: str, is_feed: bool) -> None:
    with pytest.raises(error, match=detail):
        parse(text, is_feed=is_feed)
