"""Entries to articles."""

from dataclasses import asdict
from typing import Any

import pytest

from schemas.errors import BadRecord, EmptyArticle, LanguageNotWanted, NotText, TooLarge
from schemas.flags import FLAGS, TAG_FLAGS
from schemas.records import Article
from tests.make import entry, micros, story
from transforms.clean import CleanSettings, to_article

ALL = CleanSettings()
LONG = " ".join(["word"] * 200)
ENGLISH = "The council voted on Tuesday to reopen the old harbour railway before the summer."
GERMAN = "Der Stadtrat hat am Dienstag beschlossen, die alte Hafenbahn vor dem Sommer wieder zu öffnen."

PLACES = {
    "body and description": ("Short.", "The story.", ("Short.", "The story.", "full")),
    "description alone": ("Short.", "", ("Short.", "", "summary")),
    "body alone": ("", "The story.", ("", "The story.", "full")),
    "description repeats the body": ("The  story.", "The story.", ("", "The story.", "full")),
    "description begins the body": ("The", "The story.", ("The", "The story.", "full")),
    "long description": (LONG, "", ("", LONG, "full")),
    "nearly long description": (LONG[5:], "", (LONG[5:], "", "summary")),
    "nothing": ("", "", ("", "", "summary")),
    "invitation in the description": ("Short. Read more »", "The story.", ("Short.", "The story.", "full")),
    "story that breaks off": ("Short.", "The story …", ("Short.", "The story …", "summary")),
    "long description that breaks off": (f"{LONG} […]", "", ("", f"{LONG} …", "summary")),
    "footer": ("Short.\n\nThe post A title appeared first on Example.", "", ("Short.", "", "summary")),
}
MARKED_PLACES = {
    "short body alone": ("", "<p>The story.", ("The story.", "", "summary")),
    "short body that holds the description": ("The", "<p>The<br>story.", ("The\nstory.", "", "summary")),
    "short body that repeats the description": ("The story.", "<p>The  story.", ("The story.", "", "summary")),
    "short body beside a description": ("Short.", "<p>The story.", ("Short.", "The story.", "full")),
    "nearly long body": ("", f"<p>{LONG[:299]}", ("", LONG[:299], "full")),
    "link to comments alone": ("", "<a href='https://example.org/c'>Comments</a>", ("", "", "summary")),
    "code": ("", f"<p>{LONG}</p><pre>if a:\n    b</pre>", ("", f"{LONG}\n\nif a:\n    b", "full")),
}
FLAGGED: dict[str, tuple[dict[str, Any], str]] = {
    "no date": ({"published_raw": ""}, "undated"),
    "no such date": ({"published_raw": "tomorrow"}, "unparsed_date"),
    "far date": ({"published_raw": "2203-01-01"}, "implausible_date"),
    "mojibake in the title": ({"title": "CafÃ© ouvert"}, "mojibake_repaired"),
    "mojibake in the body": ({"body": "itâ€™s late"}, "mojibake_repaired"),
    "lost characters": ({"body": "caf\ufffd"}, "undecoded_characters"),
    "title alone": ({"body": ""}, "no_text"),
    "ellipsis": ({"body": "It goes on […]"}, "truncated"),
    "dots": ({"body": "", "description": "It goes on ..."}, "truncated"),
    "invitation": ({"body": "It goes on. Read more »"}, "truncated"),
    "page not had": ({"flags": ["page_unavailable"]}, "page_unavailable"),
    "only an invitation": ({"body": "", "description": "Read more"}, "no_text"),
    "known before cleaning": ({"flags": ["page_unavailable"]}, "page_unavailable"),
    "script for a link": ({"link": "javascript:void(0)"}, "unusable_url"),
}
UNUSABLE: dict[str, tuple[dict[str, Any], type[BadRecord]]] = {
    "failure of its own": ({"failure": "NotText", "detail": "zeros"}, NotText),
    "too large": ({"body": "a" * (4 << 20)}, TooLarge),
    "empty": ({"title": ""}, EmptyArticle),
    "empty after cleaning": ({"title": "\u200b", "body": "<p>&nbsp;</p>", "markup": ["body"]}, EmptyArticle),
}
NASTY = "\x00a\ud800 \u202eb\u200b\x9f <b>c</b>&amp;\r\n\u2028 http://u:p@h.org/ "


def clean(**given: Any) -> Article:
    return to_article(entry(**{"published_raw": "2025-03-21", "body": ENGLISH} | given), ALL)


def test_a_whole_article() -> None:
    article = clean(
        guid="https://jo:secret@example.org/?p=1",
        link="https://www.example.org/a?utm_source=rss#x",
        title="R&amp;amp;D <b>grows</b>",
        description="<p>A summary</p>",
        body=f"<p>{ENGLISH}</p><p>More.</p><img src='/i.jpg'>",
        markup=["description", "body"],
        credit=" The  Gazette ",
        authors=["By Jo Roe"],
        categories=["Rail &amp; Road", "Rail & Road", " ", "rail & road"],
        rights="&copy; 2025",
        paywalled=True,
        language="en-GB",
        published_raw="Fri, 21 Mar 2025 10:15:00 +0100",
        published_source="entry",
        updated_raw="2025-03-21T12:00:00Z",
    )
    assert asdict(article) == asdict(article) | {
        "guid": "https://example.org/?p=1",
        "url": "https://www.example.org/a",
        "url_is_key": True,
        "publisher": "example.org",
        "title": "R&D grows",
        "description": "A summary",
        "body": f"{ENGLISH}\n\nMore.",
        "credit": "The Gazette",
        "content_kind": "full",
        "from_page": False,
        "authors": ["Jo Roe"],
        "categories": ["Rail & Road"],
        "image_url": "https://www.example.org/i.jpg",
        "rights": "© 2025",
        "paywalled": True,
        "language": "en",
        "word_count": 15,
        "published_at": micros("2025-03-21T09:15"),
        "published_raw": "Fri, 21 Mar 2025 10:15:00 +0100",
        "published_source": "entry",
        "published_precision": "second",
        "published_zone": "given",
        "updated_at": micros("2025-03-21T12:00"),
        "feed_updated_at": None,
        "quality_flags": [],
    }


@pytest.mark.parametrize(("description", "body", "wanted"), PLACES.values(), ids=PLACES)
def test_texts_find_their_place(description: str, body: str, wanted: tuple[str, str, str]) -> None:
    article = clean(description=description, body=body)
    assert (article.description, article.body, article.content_kind) == wanted


@pytest.mark.parametrize(("description", "body", "wanted"), MARKED_PLACES.values(), ids=MARKED_PLACES)
def test_marked_up_texts_find_their_place(description: str, body: str, wanted: tuple[str, str, str]) -> None:
    article = clean(description=description, body=body, markup=["body"])
    assert (article.description, article.body, article.content_kind) == wanted


def test_a_short_body_from_the_page_is_the_story() -> None:
    article = clean(body="<p>The story.", markup=["body"], from_page=["body"])
    assert (article.content_kind, article.from_page) == ("full", True)


@pytest.mark.parametrize(("given", "flag"), FLAGGED.values(), ids=FLAGGED)
def test_flags(given: dict[str, Any], flag: str) -> None:
    assert clean(**given).quality_flags == [flag]


def test_every_flag_is_described_and_tried() -> None:
    found_later = {"boilerplate_removed", *TAG_FLAGS}
    assert {flag for _, flag in FLAGGED.values()} == FLAGS.keys() - found_later


@pytest.mark.parametrize(("given", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_entries(given: dict[str, Any], reason: type[BadRecord]) -> None:
    with pytest.raises(reason):
        to_article(entry(**given), ALL)


def test_an_empty_article_is_named_without_its_credentials() -> None:
    with pytest.raises(EmptyArticle, match=r"'https://h\.org/a'"):
        to_article(entry(title="", link="https://u:p@h.org/a"), ALL)


@pytest.mark.parametrize(
    ("languages", "text", "kept"),
    [
        ([], GERMAN, True),
        (["de"], GERMAN, True),
        (["en", "fr"], GERMAN, False),
        (["en"], "42", False),
        (["und"], "42", True),
    ],
)
def test_languages_wanted(languages: list[str], text: str, kept: bool) -> None:
    given = entry(title="", body=text, published_raw="2025-03-21")
    if kept:
        assert to_article(given, CleanSettings(languages=languages)).body == text
    else:
        with pytest.raises(LanguageNotWanted, match=text[:20]):
            to_article(given, CleanSettings(languages=languages))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"publisher": "The  Gazette"}, "The Gazette"),
        ({"link": "https://news.example.co.uk/a"}, "example.co.uk"),
        ({"link": "", "feed_url": "https://feeds.example.net/x"}, "example.net"),
        ({"link": ""}, ""),
    ],
    ids=["its own source", "its link", "its feed", "nothing"],
)
def test_publishers(given: dict[str, Any], wanted: str) -> None:
    assert clean(**given).publisher == wanted


@pytest.mark.parametrize(
    ("link", "is_shared", "is_key"),
    [
        ("https://example.org/a", False, True),
        ("https://example.org/a", True, False),
        ("https://example.org/", False, False),
        ("", False, False),
        ("/relative", False, False),
    ],
)
def test_which_urls_are_keys(link: str, is_shared: bool, is_key: bool) -> None:
    assert clean(link=link, link_is_shared=is_shared).url_is_key is is_key


def test_the_earliest_date_can_be_set() -> None:
    given = entry(body=story(1), published_raw="1950-06-01")
    assert to_article(given, ALL).published_at is None
    assert to_article(given, CleanSettings(earliest_date=micros("1950-01-01"))).published_at == micros("1950-06-01")


def test_nothing_nasty_comes_out() -> None:
    names = ("guid", "title", "description", "body", "credit", "publisher", "rights", "published_raw", "collection")
    lists: dict[str, Any] = {"authors": [NASTY], "categories": [NASTY]}
    for markup in ([], ["title", "description", "body"]):
        article = clean(**dict.fromkeys(names, NASTY), **lists, markup=markup, link="http://u:p@h.org/a\x00\ud800 b")
        texts = [getattr(article, name) for name in (*names, "url")] + article.authors + article.categories
        for text in texts:
            assert text.replace("\n", "").isprintable(), ascii(text)
        assert not any("u:p@" in text for text in (article.url, article.guid))


def test_text_without_markup_is_taken_as_it_is() -> None:
    """But for entities, which software that escapes twice leaves; those of brackets would make tags."""
    assert clean(body="Use &lt;b&gt; or <b> & more.").body == "Use &lt;b&gt; or <b> & more."
    assert clean(body="Rail &amp; Road,&nbsp;it&#8217;s").body == "Rail & Road, it’s"
