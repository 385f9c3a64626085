"""Which entries want the page they link to, and what they take from it."""

from dataclasses import fields, replace
from typing import Any

import pytest

from schemas.errors import NoFullText
from schemas.records import Entry
from tests.make import entry, story
from transforms.full_text.entries import as_fed, page_address, page_key, take_full_text, without_page

LINK = "https://news.example.org/tide"
BODY = f"The harbour master warned of a spring tide. {story(1)}"
FED = entry(
    title="Spring <b>tide</b> expected in the harbour",
    description="<p>Boats should be moored well.</p>",
    markup=["title", "description"],
    link=LINK,
    guid="7",
    published_raw="2025-03-21",
    published_source="entry",
)
PAGE = Entry(
    source=FED.source,
    read_at=FED.read_at,
    link="https://news.example.org/tide.html",
    title="Spring tide expected",
    description="Of the harbour and its boats",
    body=BODY,
    publisher="Harbour News",
    authors=["Ann Lee"],
    categories=["Sea"],
    image_url="https://news.example.org/tide.jpg",
    rights="CC BY",
    paywalled=False,
    language="en",
    published_raw="2025-03-20T10:00:00Z",
    published_source="page",
    updated_raw="2025-03-22",
)

WANTS: dict[str, tuple[dict[str, Any], str]] = {
    "summary": ({}, LINK),
    "title_alone": ({"description": ""}, LINK),
    "nothing_but_a_link": ({"title": "", "description": ""}, LINK),
    "credentials_and_fragment": ({"link": "https://u:p@News.example.org/tide#top"}, LINK),
    "invisible_signs": ({"link": "https://news.example.org/ti\u200bde"}, LINK),
    "own_body": ({"body": "All of it."}, ""),
    "full_text_as_summary": ({"description": story(2, 220)}, ""),
    "long_markup_around_a_summary": ({"description": f'<img src="{"a" * 900}">{story(2, 30)}'}, LINK),
    "failed": ({"failure": "TooLarge"}, ""),
    "shared_link": ({"link_is_shared": True}, ""),
    "home_page": ({"link": "https://news.example.org/"}, ""),
    "no_link": ({"link": ""}, ""),
    "no_web_link": ({"link": "mailto:ann@example.org"}, ""),
    "no_host": ({"link": "https:///tide"}, ""),
    "white_space": ({"link": "https://news.example.org/a b"}, "https://news.example.org/a%20b"),
    "signed": ({"link": f"{LINK}?utm_source=a&amp;key=b"}, f"{LINK}?utm_source=a&key=b"),
}
CHANGES: dict[str, tuple[dict[str, Any], bool]] = {
    "read_later": ({"read_at": 1}, True),
    "feed_built_again": ({"feed_updated_raw": "now"}, True),
    "moved_in_the_list": ({"collection": "Sea", "zone": "Europe/Paris"}, True),
    "new_summary": ({"description": "Other words."}, False),
    "new_title": ({"title": "Other words"}, False),
    "updated": ({"updated_raw": "2025-03-22"}, False),
    "other_source": ({"source": "https://other.example.org/rss"}, False),
}
OTHER_TEXTS = {
    "consent": replace(PAGE, title="Before you go on", description="", body=f"We value your privacy. {story(5)}"),
    "shorter_than_the_summary": replace(PAGE, body="Boats should be moored."),
    "the_summary_again": replace(PAGE, body="Boats should be moored well."),
    "empty": replace(PAGE, body=""),
}
ALIKE = {
    "title_in_the_body": ("Spring tide expected in harbour", "", "Daily", f"A spring tide in the harbour. {story(3)}"),
    "summary_alone": ("", "Boats should be moored well.", "Advice", f"Boats should all be moored. {story(3)}"),
    "another_headline": (
        "Moor your boats!",
        "A high tide comes.",
        "Spring tide",
        f"Boats on the high tide. {story(3)}",
    ),
    "no_words": ("Up 7", "", "Market", story(3)),
    "chinese": ("春季大潮将至港口", "", "港口新闻", "港务局长表示，春季大潮将至，船只应系好。" + story(3)),
    "chinese_after_other_signs": ("春季大潮将至港口", "", "港口", "消息称春季大潮将至，船只应系好。" + story(3)),
    "cyrillic": ("Весенний прилив в порту", "", "Новости", f"ВЕСЕННИЙ ПРИЛИВ ждут. {story(3)}"),
}


@pytest.mark.parametrize(("given", "address"), WANTS.values(), ids=WANTS)
def test_who_wants_a_page(given: dict[str, Any], address: str) -> None:
    assert page_address(replace(FED, **given)) == address


@pytest.mark.parametrize(("change", "same"), CHANGES.values(), ids=CHANGES)
def test_a_page_is_asked_for_again_when_its_entry_has_changed(change: dict[str, Any], same: bool) -> None:
    assert (page_key(replace(FED, **change)) == page_key(FED)) is same


def test_the_entry_comes_first_and_the_page_fills_the_gaps() -> None:
    found = take_full_text(FED, PAGE, LINK)
    assert found == replace(
        FED,
        body=BODY,
        authors=["Ann Lee"],
        categories=["Sea"],
        image_url="https://news.example.org/tide.jpg",
        rights="CC BY",
        paywalled=False,
        language="en",
        updated_raw="2025-03-22",
        from_page=sorted(
            ["authors", "body", "categories", "image_url", "language", "paywalled", "rights", "updated_raw"]
        ),
    )


def test_an_entry_of_a_link_alone_is_filled() -> None:
    bare = Entry(source="s", read_at=0, link=LINK)
    found = take_full_text(bare, PAGE, LINK)
    assert (found.title, found.description, found.body) == (PAGE.title, PAGE.description, BODY)
    assert (found.published_raw, found.published_source) == ("2025-03-20T10:00:00Z", "page")
    assert (found.link, found.publisher) == (LINK, "")


def test_where_a_link_leads_elsewhere_that_is_the_publisher() -> None:
    proxied = replace(FED, link="https://proxy.example.net/~r/1", publisher="")
    assert take_full_text(proxied, PAGE, LINK).publisher == "example.org"
    assert take_full_text(proxied, PAGE, LINK).link == proxied.link
    assert take_full_text(replace(proxied, publisher="Own"), PAGE, LINK).publisher == "Own"


@pytest.mark.parametrize("page", OTHER_TEXTS.values(), ids=OTHER_TEXTS)
def test_a_page_of_something_else_is_not_taken(page: Entry) -> None:
    with pytest.raises(NoFullText):
        take_full_text(FED, page, LINK)


@pytest.mark.parametrize(("title", "summary", "heading", "body"), ALIKE.values(), ids=ALIKE)
def test_a_page_need_not_have_the_same_words(title: str, summary: str, heading: str, body: str) -> None:
    fed = entry(title=title, description=summary, link=LINK)
    assert take_full_text(fed, Entry(source="s", read_at=0, title=heading, body=body), LINK).body == body


def test_what_a_page_gave_can_be_undone() -> None:
    for fed in (FED, Entry(source="s", read_at=0, link=LINK)):
        page = replace(PAGE, markup=["body", "description"])
        assert as_fed(take_full_text(fed, page, LINK)) == as_fed(without_page(fed)) == fed


def test_every_field_of_an_entry_is_weighed_against_the_page() -> None:
    """A new field is taken from pages, or named here."""
    own = {"source", "read_at", "feed_url", "collection", "zone", "guid", "link", "link_is_shared", "markup"}
    marks = {"feed_updated_raw", "flags", "from_page", "failure", "detail", "is_line"}
    empty = Entry(source="s", read_at=0, link="https://proxy.example.net/1")
    taken = set(take_full_text(empty, replace(PAGE, credit="Wire"), LINK).from_page)
    assert {field.name for field in fields(Entry)} == own | marks | taken
