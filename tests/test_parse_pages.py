"""HTML pages: what they state of themselves, and their text."""

from typing import Any

import pytest

from schemas.errors import TooComplex
from schemas.records import Document
from tests.parsing import parse, parse_one
from transforms.parse.page.entry import read_page

P1 = "The harbour opened to ships on Monday, two years after the storm that closed it to all of them."
P2 = "The council had set aside nine million for the work, and spent seven of them on the new quay wall."


def page(head: str = "", body: str = f"<article><h1>Harbour opens</h1><p>{P1}</p><p>{P2}</p></article>") -> str:
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/ports'>Ports</a></li></ul></nav>"
    head = f"<title>Harbour opens – Port News</title>{head}"
    return f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{menu}{body}</body></html>"


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "text": (
        "",
        {
            "body": f"{P1}\n\n{P2}",
            "title": "Harbour opens",
            "language": "en-GB",
            "markup": [],
            "published_raw": "",
            "published_source": "",
            "link": "",
        },
    ),
    "title of the page": (meta("og:title", "Harbour opens at last"), {"title": "Harbour opens at last"}),
    "title with the site": (
        meta("og:title", "Harbour opens | Port News") + meta("og:site_name", "Port News"),
        {"title": "Harbour opens", "publisher": "Port News"},
    ),
    "headline": (ld('{"@type": "NewsArticle", "headline": "R&amp;D opens"}'), {"title": "R&D opens"}),
    "description": ("<meta name=Description content=' One '>", {"description": "One"}),
    "canonical link": (
        "<link rel='canonical' href='https://port.example/1'>",
        {"link": "https://port.example/1", "link_is_shared": False},
    ),
    "address as stated": (meta("og:url", "https://port.example/1"), {"link": "https://port.example/1"}),
    "canonical home page": (
        "<link rel='canonical' href='https://port.example/'>",
        {"link": "", "link_is_shared": False},
    ),
    "picture": (meta("og:image", "https://i.example/1.jpg"), {"image_url": "https://i.example/1.jpg"}),
    "published": (
        meta("article:published_time", "2025-03-22T10:00:00+01:00")
        + meta("article:modified_time", "2025-03-23T10:00:00Z"),
        {
            "published_raw": "2025-03-22T10:00:00+01:00",
            "published_source": "page",
            "updated_raw": "2025-03-23T10:00:00Z",
        },
    ),
    "published in JSON-LD": (
        ld('{"@context": "https://schema.org", "@type": ["NewsArticle"], "datePublished": "2025-03-22T10:00:00Z"}'),
        {"published_raw": "2025-03-22T10:00:00Z", "published_source": "page"},
    ),
    "a time with its zone first": (
        ld('{"@type": "Article", "datePublished": "2025-03-22T10:00:00"}')
        + meta("article:published_time", "2025-03-22T10:00:00Z"),
        {"published_raw": "2025-03-22T10:00:00Z"},
    ),
    "no date of year one": (
        meta("article:published_time", "0001-01-01T00:00:00Z"),
        {"published_raw": "", "published_source": ""},
    ),
    "only modified": (
        meta("article:modified_time", "2025-03-23"),
        {"published_raw": "2025-03-23", "published_source": "updated"},
    ),
    "authors in JSON-LD": (
        ld(
            '{"@graph": [{"@type": "WebPage", "name": "x"}, {"@type": "NewsArticle", "author": '
            '[{"@type": "Person", "name": "Ana Ruiz"}, "Bo Li"]}]}'
        ),
        {"authors": ["Ana Ruiz", "Bo Li"]},
    ),
    "author": ("<meta name=author content='Ana Ruiz'>", {"authors": ["Ana Ruiz"]}),
    "profile is no author": (meta("article:author", "https://social.example/ana"), {"authors": []}),
    "publisher in JSON-LD": (
        ld('[{"@type": "Article", "publisher": {"@type": "Organization", "name": "Port News"}}]'),
        {"publisher": "Port News"},
    ),
    "categories": (
        meta("article:section", "Ports") + meta("article:tag", "Ships") + meta("keywords", "Ports, Trade"),
        {"categories": ["Ports", "Ships", "Trade"]},
    ),
    "paid for": (ld('{"@type": "NewsArticle", "isAccessibleForFree": false}'), {"paywalled": True}),
    "free": (ld('{"@type": "NewsArticle", "isAccessibleForFree": "True"}'), {"paywalled": False}),
    "nothing on payment": (ld('{"@type": "NewsArticle"}'), {"paywalled": None}),
    "broken JSON-LD": (
        ld('{"@type": "NewsArticle", "headline": "a') + meta("og:title", "Harbour"),
        {"title": "Harbour"},
    ),
    "JSON-LD of something else": (ld('{"@type": "Recipe", "headline": "Soup"}'), {"title": "Harbour opens"}),
    "odd JSON-LD": (
        ld(
            '[7, null, {"@type": 7, "headline": 3}, '
            '{"@type": "Article", "headline": [{}, 7, "Harbour"], "author": {"name": 3}}]'
        ),
        {"title": "Harbour", "authors": []},
    ),
    "rights": ("<meta name=copyright content='The Board'>", {"rights": "The Board"}),
}


@pytest.mark.parametrize(("head", "expected"), PAGES.values(), ids=PAGES)
def test_page(head: str, expected: dict[str, Any]) -> None:
    entry = parse_one(page(head))
    assert {name: getattr(entry, name) for name in expected} == expected


def below_heading(line: str) -> str:
    return f"<article><h1>Harbour opens</h1><p>{line}</p><p>{P1}</p><p>{P2}</p></article>"


BELOW_THE_HEADING = {
    "a date": ("22 March 2025", ("22 March 2025", "header"), f"{P1}\n\n{P2}"),
    "with a label and a time": ("Published: 22.03.2025, 14:05", ("22.03.2025, 14:05", "header"), f"{P1}\n\n{P2}"),
    "of a change": ("Updated 22 March 2025", ("22 March 2025", "updated"), f"{P1}\n\n{P2}"),
    "of an event": ("On 22 March 2025 it opens", ("", ""), f"On 22 March 2025 it opens\n\n{P1}\n\n{P2}"),
    "among others": ("22 March 2025 to 24 March 2025", ("", ""), f"22 March 2025 to 24 March 2025\n\n{P1}\n\n{P2}"),
}


@pytest.mark.parametrize(("line", "published", "body"), BELOW_THE_HEADING.values(), ids=BELOW_THE_HEADING)
def test_a_date_alone_below_the_heading(line: str, published: tuple[str, str], body: str) -> None:
    entry = parse_one(page(body=below_heading(line)))
    assert ((entry.published_raw, entry.published_source), entry.body) == (published, body)
    stated = parse_one(page(meta("article:published_time", "2025-03-20"), below_heading(line)))
    assert (stated.published_raw, stated.published_source, stated.body) == ("2025-03-20", "page", body)


def test_what_the_footer_of_the_text_says_fills_the_gaps() -> None:
    footer = "<p>(Reporting by Ana Ruiz; Editing by Jo Marlow)</p><p>© 2025 Northwire</p>"
    entry = parse_one(page(body=f"<article><h1>Harbour opens</h1><p>{P1}</p><p>{P2}</p>{footer}</article>"))
    assert (entry.body, entry.authors, entry.rights) == (f"{P1}\n\n{P2}", ["Ana Ruiz"], "© 2025 Northwire")
    stated = parse_one(
        page("<meta name=author content='Lee Ash'>", f"<article><p>{P1}</p><p>{P2}</p>{footer}</article>")
    )
    assert stated.authors == ["Lee Ash"]


TITLES = {
    "site first": ("Port News - Harbour opens", "Harbour opens"),
    "site last": ("Harbour opens | Port News", "Harbour opens"),
    "wide bar": ("Harbour opens｜Port News", "Harbour opens"),
    "another title": ("Port News - The harbour", "Port News - The harbour"),
    "no heading's": ("Harbour closed - Port News", "Harbour closed - Port News"),
}


@pytest.mark.parametrize("heading", ["<h1>Harbour opens</h1>", "<b>Harbour opens</b><br><br>"])
@pytest.mark.parametrize(("given", "title"), TITLES.values(), ids=TITLES)
def test_a_title_loses_what_its_heading_has_not(given: str, title: str, heading: str) -> None:
    body = f"<div>{heading}{P1}<br><br>{P2}</div>"
    assert parse_one(page(f"<meta name=dc.title content='{given}'>", body)).title == title


DATES_IN_PASSING = {
    "in the text": page(body=f"<article><h1>Harbour opens</h1><p>{P1}</p><p>22 March 2025</p><p>{P2}</p></article>"),
    "below another heading": page(body=f"<article><h2>The channel</h2><p>22 March 2025</p><p>{P1}</p></article>"),
    "of a time element": page(
        body=f"<article><h1>Harbour</h1><time datetime='2025-03-22'>then</time><p>{P1}</p></article>"
    ),
    "in the address": page("<link rel=canonical href='https://port.example/2025/03/22/harbour'>"),
    "of the copyright": page(body=f"<article><p>{P1}</p></article><footer>© 2025 Port News</footer>"),
}


@pytest.mark.parametrize("html", DATES_IN_PASSING.values(), ids=DATES_IN_PASSING)
def test_dates_are_not_guessed(html: str) -> None:
    assert parse_one(html).published_raw == ""


DATES_SHOWN = {
    "alone": ("<span>22 March 2025</span>", "22 March 2025"),
    "label before it": ("<b>Published</b> <i>22 March 2025</i>", "22 March 2025"),
    "after an agency": ("<span>Northwire</span><span>22 MAR 2025</span>", "22 MAR 2025"),
    "exact in the element": (
        "<time datetime='2025-03-22T08:04:08+00:00'>22 March 2025</time>",
        "2025-03-22T08:04:08+00:00",
    ),
    "of something else": ("<b>Event day:</b> <i>22 March 2025</i>", ""),
}


@pytest.mark.parametrize(("shown", "published"), DATES_SHOWN.values(), ids=DATES_SHOWN)
def test_a_date_shown_below_the_heading(shown: str, published: str) -> None:
    entry = parse_one(page(body=f"<h1>Harbour opens</h1><div>{shown}</div><div><p>{P1}</p><p>{P2}</p></div>"))
    assert (entry.published_raw, entry.published_source) == (published, "header" if published else "")


STATED = f"{P1}\\n{P2}\\n{P2}"


def test_a_text_that_a_script_would_write_is_the_stated_one() -> None:
    head = ld(f'{{"@type": "NewsArticle", "articleBody": "{STATED}"}}')
    assert parse_one(page(head, "<div id=app></div>")).body == f"{P1}\n\n{P2}\n\n{P2}"
    assert parse_one(page(head)).body == f"{P1}\n\n{P2}"


def test_comments_longer_than_the_article_are_not_its_text() -> None:
    article = f"<div class=a><h1>Harbour opens</h1><div>{f'<p>{P1}</p>' * 6}</div></div>"
    opinions = "".join(f"<div class=o><p>{number}: {P2}</p></div>" for number in range(40))
    html = page(body=f"{article}<div class=list>{opinions}</div>").encode()
    assert read_page(Document("page", html, 0), "fast").body == "\n\n".join([P1] * 6)


def test_a_title_escaped_twice() -> None:
    assert parse_one(page(meta("og:title", "Harbour &amp;amp; ships"))).title == "Harbour & ships"


def test_links_are_resolved_by_where_the_page_was() -> None:
    head = "<link rel=canonical href='/1'>" + meta("og:image", "//i.example/1.jpg")
    entry = parse_one(page(head), url="https://port.example/old/1?x=y")
    assert (entry.link, entry.image_url) == ("https://port.example/1", "https://i.example/1.jpg")
    assert parse_one(page(), url="https://port.example/2").link == "https://port.example/2"


def test_charset_of_a_page() -> None:
    html = page("<meta charset=windows-1251>", f"<article><h1>Порт открыт</h1><p>{P1}</p></article>")
    entry = parse_one(html.encode("cp1251"))
    assert entry.title == "Порт открыт"


def test_a_page_without_text_has_what_it_states() -> None:
    entry = parse_one("<html><head><title>Harbour</title></head><body></body></html>")
    assert (entry.title, entry.body) == ("Harbour", "")


FLOODS = {
    "attributes": ("<p " + " ".join(f"a{number}=''" for number in range(100_000)) + ">x", "attributes of one element"),
    "attributes without spaces": ("<p" + "/a" * 100_000 + ">x", "attributes of one element"),
    "attributes after a quoted bracket": ("<p x='>' " + "a " * 100_000 + ">x", "attributes of one element"),
    "attributes of all": (("<p " + "a='' " * 450 + ">x") * 1000, "451,000 words"),
    "tags": ("<p>x</p>" * 60_000, "60,000 tags"),
    "nesting": ("<div>" * 100_000, "100,000 tags"),
}


@pytest.mark.parametrize(("html", "detail"), FLOODS.values(), ids=FLOODS)
def test_floods_are_refused(html: str, detail: str) -> None:
    with pytest.raises(TooComplex, match=detail):
        parse(html)


def test_scripts_and_data_addresses_are_no_flood() -> None:
    script = f"<script>if (a <b && {'c < d ' * 10_000}) e()</script><!-- {'<p a b ' * 10_000} -->"
    picture = f"<img src='data:image/png;base64,{'A' * 100_000}' srcset='{'/a 1x, ' * 2000}'>"
    assert parse_one(page(script, f"<article><p>{P1}</p>{picture}<p>{P2}</p></article>")).body == f"{P1}\n\n{P2}"


def test_deep_pages_are_read_as_far_as_they_go() -> None:
    (entry,) = parse("<div>" * 20_000 + P1)
    assert entry.failure == ""
