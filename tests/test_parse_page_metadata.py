"""What a page states of itself: each field, in each of the forms that pages use."""

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from transforms.parse.page.cutting import cut_scripts
from transforms.parse.page.metadata import PageMetadata, is_home_page, read_metadata

HERE = "https://port.example/news/1"
ZONED = "2025-03-22T10:00:00+01:00"


def read(html: str, address: str = HERE) -> PageMetadata:
    markup, blocks = cut_scripts(html)
    return read_metadata(LexborHTMLParser(markup), blocks, address)


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def article(members: str) -> str:
    return ld(f'{{"@type": "NewsArticle", {members}}}')


def meta(**content: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in content.items())


JSON_LD = {
    "object": (article('"headline": "Harbour"'), "Harbour"),
    "list": (ld('[{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Harbour"}]'), "Harbour"),
    "graph": (ld('{"@graph": [{"@type": "Person"}, {"@type": "Article", "headline": "Harbour"}]}'), "Harbour"),
    "main entity": (ld('{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Harbour"}}'), "Harbour"),
    "second block": (ld('{"@type": "WebSite", "name": "x"}') + article('"headline": "Harbour"'), "Harbour"),
    "type by its address": (ld('{"@type": "http://schema.org/NewsArticle", "headline": "Harbour"}'), "Harbour"),
    "terms with a prefix": (ld('{"@type": "schema:Article", "schema:headline": "Harbour"}'), "Harbour"),
    "terms by their address": (ld('{"@type": "Article", "https://schema.org/headline": "Harbour"}'), "Harbour"),
    "trailing commas": (ld('{"@type": ["Article", ], "headline": "Harbour", }'), "Harbour"),
    "HTML comment": (ld('<!-- {"@type": "Article", "headline": "Harbour"} -->'), "Harbour"),
    "CDATA": (ld('//<![CDATA[\n{"@type": "Article", "headline": "Harbour"}\n//]]>'), "Harbour"),
    "semicolon": (ld('{"@type": "Article", "headline": "Harbour"};'), "Harbour"),
    "comments": (ld('{"@type": "Article", /* , } */ "headline": "Harbour" // the "end"\n}'), "Harbour"),
    "control characters": (ld('{"@type": "Article", "headline": "Har\tbour\n opens"}'), "Har bour  opens"),
    "wrong escape": (ld(r'{"@type": "Article", "headline": "Port\'s harbour \"A\""}'), """Port's harbour "A\""""),
    "lone surrogate": (ld(r'{"@type": "Article", "headline": "Harbour\ud83d 😀 \u00e9"}'), "Harbour 😀 é"),
    "commas in strings": (ld('{"@type": "Article", "headline": "a, } b ; // c", }'), "a, } b ; // c"),
    "objects in a row": (ld('{"@type": "WebSite"}\n{"@type": "Article", "headline": "Harbour"}'), "Harbour"),
    "escaped quotes": (
        ld("{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Harbour&quot;}"),
        "Harbour",
    ),
    "the article of this page": (
        article(f'"headline": "Other", "url": "{HERE}0"') + article(f'"headline": "Harbour", "url": "{HERE}"'),
        "Harbour",
    ),
    "cut off": (ld('{"@type": "Article", "headline": "Harb') + "<title>Port</title>", "Port"),
    "numbers": (article('"headline": [3, {}, "Harbour"]'), "Harbour"),
    "type attribute": (
        '<script id=x type = application/ld+json data-a>{"@type": "Article", "headline": "H"}</script>',
        "H",
    ),
}


@pytest.mark.parametrize(("html", "title"), JSON_LD.values(), ids=JSON_LD)
def test_json_ld(html: str, title: str) -> None:
    assert read(html).title == title


MICRODATA = "<div itemscope itemtype='https://schema.org/NewsArticle'>"
AUTHORS = {
    "string": (article('"author": "Ana Ruiz"'), ["Ana Ruiz"]),
    "object": (article('"author": {"@type": "Person", "name": "Ana Ruiz", "url": "/ana"}'), ["Ana Ruiz"]),
    "list": (article('"author": [{"name": "Ana Ruiz"}, "Bo Li", {"@value": "Cy Oh"}]'), ["Ana Ruiz", "Bo Li", "Cy Oh"]),
    "names in one object": (article('"author": {"name": ["Ana Ruiz", "Bo Li"]}'), ["Ana Ruiz", "Bo Li"]),
    "reference": (
        ld('{"@graph": [{"@type": "Article", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ana"}]}'),
        ["Ana"],
    ),
    "profile in JSON-LD": (article('"author": "https://port.example/ana"') + meta(author="Ana Ruiz"), ["Ana Ruiz"]),
    "two meta elements": (meta(author="Ana Ruiz") + meta(author="Bo Li"), ["Ana Ruiz", "Bo Li"]),
    "microdata": (f"{MICRODATA}<span itemprop=author>Ana Ruiz</span></div>", ["Ana Ruiz"]),
    "microdata, nested": (
        f"{MICRODATA}<p itemprop=author itemscope itemtype='https://schema.org/Person'>By <a href=/ana itemprop=name>"
        "Ana Ruiz</a></p></div>",
        ["Ana Ruiz"],
    ),
    "microdata of a comment": (
        f"{MICRODATA}<p itemscope itemtype='https://schema.org/Comment'><b itemprop=author>Bo</b></p></div>",
        [],
    ),
    "RDFa": (
        "<div vocab='https://schema.org/' typeof='NewsArticle'><span property='schema:author'>Ana Ruiz</span></div>",
        ["Ana Ruiz"],
    ),
    "link to an author": ("<p>By <a rel='author nofollow' href='/ana'>Ana Ruiz</a></p>", ["Ana Ruiz"]),
    "links to authors of several articles": ("<a rel=author href=/a>Ana</a><a rel=author href=/b>Bo</a>", []),
}  # fmt: skip


@pytest.mark.parametrize(("html", "authors"), AUTHORS.values(), ids=AUTHORS)
def test_authors(html: str, authors: list[str]) -> None:
    assert read(html).authors == authors


TIMES = {
    "JSON-LD": (article(f'"datePublished": "{ZONED}"'), ZONED),
    "OpenGraph": (meta(article__published_time=ZONED), ZONED),
    "microdata": (f"{MICRODATA}<time itemprop='datePublished dateCreated' datetime='{ZONED}'>then</time></div>", ZONED),
    "microdata in a meta element": (f"<meta itemprop=datePublished content='{ZONED}'>", ZONED),
    "microdata of something else": (
        f"<p itemscope itemtype='https://schema.org/VideoObject'><meta itemprop=datePublished content='{ZONED}'></p>",
        "",
    ),
    "pubdate": (f"<time pubdate datetime='{ZONED}'>then</time>", ZONED),
    "two pubdates": (f"<time pubdate datetime='{ZONED}'></time><time pubdate datetime='2024-01-01'></time>", ""),
    "a day": (meta(article__published_time="2025-03-22"), "2025-03-22"),
    "the same day with a zone": (article('"datePublished": "2025-03-22"') + meta(date=ZONED), ZONED),
    "another day with a zone": (article('"datePublished": "2025-03-20"') + meta(date=ZONED), "2025-03-20"),
    "year one": (article('"datePublished": "0001-01-01T00:00:00Z"'), ""),
    "time element alone": (f"<time datetime='{ZONED}'>then</time>", ""),
    "of a related article": (
        ld(f'{{"@type": "ItemList", "x": {{"@type": "Article", "datePublished": "{ZONED}"}}}}'),
        "",
    ),
}


@pytest.mark.parametrize(("html", "published"), TIMES.values(), ids=TIMES)
def test_published(html: str, published: str) -> None:
    assert read(html).published == published


def canonical(href: str) -> str:
    return f"<link rel='canonical' href='{href}'>"


LINKS = {
    "none": ("", HERE),
    "absolute": (canonical("https://port.example/news/2"), "https://port.example/news/2"),
    "relative": (canonical("2?page=1"), "https://port.example/news/2?page=1"),
    "relative to a base": ("<base href='/archive/'>" + canonical("2"), "https://port.example/archive/2"),
    "the original on another site": (canonical("https://other.example/a"), "https://other.example/a"),
    "home page": (canonical("https://port.example/"), HERE),
    "home page, with a fragment": (canonical("/#top"), HERE),
    "another site's home page": (canonical("https://other.example"), HERE),
    "OpenGraph, after a home page": (canonical("/") + meta(og__url="https://port.example/news/3"), "https://port.example/news/3"),
    "no address": (canonical("javascript:void(0)"), HERE),
    "unreadable": (canonical("http://[port"), HERE),
    "of an AMP page": ("<html amp>" + canonical("https://port.example/news/1"), "https://port.example/news/1"),
    "JSON-LD": (article('"mainEntityOfPage": {"@type": "WebPage", "@id": "https://port.example/news/4"}'), "https://port.example/news/4"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "link"), LINKS.values(), ids=LINKS)
def test_link(html: str, link: str) -> None:
    assert read(html).link == link


def test_a_page_found_at_the_home_page_stays_there() -> None:
    assert read("", "https://port.example/").link == "https://port.example/"
    assert is_home_page("https://port.example/")
    assert not is_home_page("https://port.example/?p=1")


PAYWALLS = {
    "false": (article('"isAccessibleForFree": false'), True),
    "a string": (article('"isAccessibleForFree": "False"'), True),
    "an address": (article('"isAccessibleForFree": "https://schema.org/False"'), True),
    "a number": (article('"isAccessibleForFree": 0'), True),
    "true": (article('"isAccessibleForFree": true'), False),
    "a part": (
        article('"isAccessibleForFree": true, "hasPart": {"isAccessibleForFree": "False", "cssSelector": ".wall"}'),
        True,
    ),
    "parts": (article('"hasPart": [{"name": "x"}, {"isAccessibleForFree": false}]'), True),
    "tier": (meta(article__content_tier="metered"), True),
    "free tier": (meta(article__content_tier="free"), False),
    "microdata": (f"{MICRODATA}<meta itemprop=isAccessibleForFree content=false></div>", True),
    "another word": (article('"isAccessibleForFree": "perhaps"'), None),
    "a name of a class": ("<div class='paywall'>Subscribe</div>", None),
    "nothing": (article('"headline": "x"'), None),
}


@pytest.mark.parametrize(("html", "paywalled"), PAYWALLS.values(), ids=PAYWALLS)
def test_paywalled(html: str, paywalled: bool | None) -> None:
    assert read(html).paywalled is paywalled


FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "OpenGraph": (
        meta(og__title="Harbour | Port", og__site_name="Port", og__image="/1.jpg", og__locale="en_GB"),
        {"title": "Harbour", "site": "Port", "image": "https://port.example/1.jpg", "language": "en_GB"},
    ),
    "Dublin Core": (
        meta(dc__title="x").replace("dc:title", "DC.Title") + "<meta name=DCTERMS.rights content=R>",
        {"title": "x", "rights": "R"},
    ),
    "image object": (article('"image": {"@type": "ImageObject", "url": "/1.jpg"}'), {"image": "https://port.example/1.jpg"}),
    "image list": (article('"image": ["/1.jpg", "/2.jpg"]'), {"image": "https://port.example/1.jpg"}),
    "licence": (article('"license": "https://license.example/by"'), {"rights": "https://license.example/by"}),
    "licence link": ("<a rel=license href='https://license.example/by'>CC</a>", {"rights": "https://license.example/by"}),
    "notice before licence": (article('"license": "L", "copyrightNotice": "The Board"'), {"rights": "The Board"}),
    "language of the page": ("<html lang=pt-BR>" + article('"inLanguage": "en"'), {"language": "pt-BR"}),
    "language object": (article('"inLanguage": {"@type": "Language", "alternateName": "es"}'), {"language": "es"}),
    "keywords": (
        article('"articleSection": ["Ports"], "keywords": "Ships, Trade,Ports"'),
        {"categories": ["Ports", "Ships", "Trade"]},
    ),
    "keyword objects": (article('"keywords": [{"@type": "DefinedTerm", "name": "Ships"}]'), {"categories": ["Ships"]}),
    "updated": (article('"dateModified": "2025-03-23T10:00:00Z"'), {"updated": "2025-03-23T10:00:00Z"}),
    "heading": ("<h1>Harbour <b>opens</b></h1><title>x</title>", {"title": "Harbour opens"}),
    "several headings": ("<h1>a</h1><h1>b</h1><title>Harbour</title>", {"title": "Harbour"}),
    "frames": ("<title>Port</title><frameset><frame src=x></frameset>", {"title": "Port"}),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), FIELDS.values(), ids=FIELDS)
def test_fields(html: str, expected: dict[str, Any]) -> None:
    found = read(html)
    assert {name: getattr(found, name) for name in expected} == expected
