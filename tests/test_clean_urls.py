"""Canonical URLs."""

import json
import random
from pathlib import Path
from urllib.parse import unquote

import pytest

from transforms.clean.tracking import is_tracking
from transforms.clean.urls import canonical_url, is_key_url, web_address, without_credentials

SAMPLE = Path(__file__).parent.parent.parent / "shared" / "data" / "urls_topnews"

URLS = {
    "plain": ("https://example.org/news/a-b_c.html", "https://example.org/news/a-b_c.html"),
    "case": ("HTTPS://WWW.Example.ORG/Path", "https://www.example.org/Path"),
    "default port": ("http://example.org:80/a", "http://example.org/a"),
    "default port of TLS": ("https://example.org:443/a", "https://example.org/a"),
    "empty port": ("http://example.org:/a", "http://example.org/a"),
    "other port": ("http://example.org:8080/a", "http://example.org:8080/a"),
    "empty path": ("https://example.org", "https://example.org/"),
    "trailing slash stays": ("https://example.org/a/", "https://example.org/a/"),
    "final dot": ("https://example.org./a", "https://example.org/a"),
    "fragment": ("https://example.org/a#top", "https://example.org/a"),
    "fragment of a page": ("https://example.org/#!/a b", "https://example.org/#!/a%20b"),
    "credentials": ("https://jo:secret@example.org/a", "https://example.org/a"),
    "credentials with an at sign": ("https://jo:s@cret@example.org/a", "https://example.org/a"),
    "dot segments": ("https://example.org/a/./b/../c", "https://example.org/a/c"),
    "escaped dot segments": ("https://example.org/a/%2e%2E/c", "https://example.org/c"),
    "needless escapes": ("https://example.org/%7ea%2fb", "https://example.org/~a%2Fb"),
    "bare percent": ("https://example.org/100%/%%41?a=5%", "https://example.org/100%25/%25A?a=5%25"),
    "letters": ("https://example.org/été?q=ñ b", "https://example.org/%C3%A9t%C3%A9?q=%C3%B1%20b"),
    "host with letters": ("http://bücher.example/a", "http://xn--bcher-kva.example/a"),
    "white space": (" https://example.org/a\n b ", "https://example.org/a%20b"),
    "invisible": ("https://example.org/\u200ba\x00", "https://example.org/a"),
    "surrogate": ("https://example.org/a\ud800?\udfff", "https://example.org/a"),
    "backslashes": ("http://example.org\\a\\b", "http://example.org/a/b"),
    "tracking": ("https://example.org/a?utm_source=x&id=5&fbclid=y&UTM_Medium=z", "https://example.org/a?id=5"),
    "tracking alone": ("https://example.org/a?at_medium=RSS&at_campaign=rss", "https://example.org/a"),
    "order stays": ("https://example.org/a?page=2&id=1&b", "https://example.org/a?page=2&id=1&b"),
    "empty parameters": ("https://example.org/a?&x=&&y", "https://example.org/a?x=&y"),
    "query without names": ("https://example.org/a?12345", "https://example.org/a?12345"),
    "escaped ampersand": ("https://example.org/a?id=1&amp;amp;p=2&amp;utm_id=3", "https://example.org/a?id=1&p=2"),
    "session": ("https://example.org/a;jsessionid=1F2E?id=1", "https://example.org/a?id=1"),
    "address": ("http://192.0.2.7/a", "http://192.0.2.7/a"),
    "address of version 6": ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    "no address": ("http://[::1/a", ""),
    "no port": ("http://example.org:99999/a", ""),
    "no host": ("http:///a", ""),
    "host with a space": ("http://exa mple.org/", ""),
    "host with an escape": ("http://exa%6Dple.org/", ""),
    "empty label": ("http://example..org/", ""),
    "long host": ("http://" + "a." * 200 + "org/", ""),
    "too long": ("https://example.org/" + "a" * 9000, ""),
    "relative": ("/news/a", ""),
    "without a scheme": ("//example.org/a", ""),
    "domain alone": ("example.org/a", ""),
    "script": ("javascript:alert(1)", ""),
    "data": ("data:text/html,x", ""),
    "urn": ("urn:uuid:1", ""),
    "tag": ("tag:example.org,2025:1", ""),
    "ftp": ("ftp://example.org/a", ""),
    "empty": ("", ""),
}
TRACKING = {
    "utm_anything=1": True,
    "gclid=a": True,
    "ref=rss": True,
    "ref=frontpage": False,
    "id=5": False,
    "p=5": False,
    "v=abc": False,
    "page=2": False,
    "utm": False,
    "emcee=1": False,
    "": False,
}
PIECES = [
    *"htps:/.@?#&=%;+-_~!|\\ aA1é\u200b\ud800\tß。[]'\"<>",
    *("http://", "x.org", "%41", "%2f", "%%41", "&amp;", "utm_a=1", "..", "/./", ":80", "#!", "[::1]", "a@"),
]


@pytest.mark.parametrize(("given", "wanted"), URLS.values(), ids=URLS)
def test_urls_are_canonical(given: str, wanted: str) -> None:
    assert canonical_url(given) == wanted
    assert canonical_url(wanted) == wanted


def test_nothing_nasty_comes_out() -> None:
    choose = random.Random(5)
    for _ in range(5000):
        start = choose.choice(["http://", "HTTPS://x.org", "https://x.org/a?"])
        given = start + "".join(choose.choices(PIECES, k=choose.randint(0, 8)))
        for clean in (canonical_url, web_address):
            url = clean(given)
            assert clean(url) == url, ascii(given)
            assert url.isascii()
            assert url.isprintable()
            assert " " not in url
            assert not url or "@" not in url.split("/")[2]


@pytest.mark.parametrize("path", ["/a-b.c~d", "/a/", "/!$()*,:@=+-_", "/..a", "//a"])
def test_the_short_way_gives_the_same(path: str) -> None:
    assert canonical_url("https://example.org" + path) == canonical_url("HTTPS://Example.org" + path)


@pytest.mark.parametrize(("parameter", "wanted"), TRACKING.items(), ids=lambda value: str(value))
def test_tracking_parameters(parameter: str, wanted: bool) -> None:
    assert is_tracking(parameter) is wanted


def test_addresses_of_images_keep_their_query() -> None:
    assert web_address("HTTPS://u:p@Example.org/a?w=1&utm_source=s#x") == "https://example.org/a?w=1&utm_source=s"
    assert web_address("data:image/png;base64,AAAA") == ""


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://example.org/", False),
        ("https://example.org/?p=5", True),
        ("https://example.org/a", True),
        ("https://example.org/#!/a", True),
    ],
)
def test_home_pages_are_no_keys(url: str, wanted: bool) -> None:
    assert is_key_url(url) is wanted


def test_credentials_leave_identifiers() -> None:
    assert without_credentials("https://jo:secret@example.org/?p=1") == "https://example.org/?p=1"
    assert without_credentials("mail jo@example.org") == "mail jo@example.org"


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample of article URLs is not here")
def test_real_article_urls_are_usable_keys() -> None:
    for path in SAMPLE.glob("*.json"):
        for url in json.loads(path.read_text(encoding="utf-8")):
            canonical = canonical_url(url)
            assert is_key_url(canonical), url
            assert canonical_url(canonical) == canonical
            assert unquote(url).startswith(unquote(canonical.partition("?")[0]))
