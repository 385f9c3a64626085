"""Canonical URLs."""

import json
import random
from pathlib import Path
from urllib.parse import unquote

import pytest

from transforms.clean.tracking import is_tracking
from transforms.clean.urls import canonical_url, is_key_url, web_address, without_credentials
from transforms.clean.variants import key_address

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
    "AMP by a parameter": ("https://example.org/a?outputType=amp&id=5&amp=1", "https://example.org/a?id=5"),
    "AMP by a bare name": ("https://example.org/a?amp", "https://example.org/a"),
    "no AMP": ("https://example.org/a?amp=marshall", "https://example.org/a?amp=marshall"),
    "AMP by its path stays": ("https://amp.example.org/a/amp/", "https://amp.example.org/a/amp/"),
    "AMP in a search": ("https://www.google.com/amp/s/www.example.org/a/amp/", "https://www.example.org/a/amp/"),
    "AMP cache": (
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?id=5&usqp=mq331&amp_js_v=0.1#aoh=1",
        "https://www.example.org/a?id=5",
    ),
    "result of a search": (
        "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa%3Fp%3D5",
        "https://example.org/a?p=5",
    ),
    "news search": ("http://news.google.com/news/url?sa=t&fd=R&url=http://example.org/a", "http://example.org/a"),
    "social network": (
        "https://l.facebook.com/l.php?u=https%3A%2F%2FExample.org%2Fa%3Ffbclid%3D1&h=A",
        "https://example.org/a",
    ),
    "blogs": ("https://t.umblr.com/redirect?z=http%3A%2F%2Fexample.org%2Fa&t=x", "http://example.org/a"),
    "mail gateway": (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05%7C01",
        "https://example.org/a",
    ),
    "affiliate": ("https://go.redirectingat.com?id=1X2&url=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"),
    "one in another": (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2Fexample.org%2Fa",
        "https://example.org/a",
    ),
    "leads nowhere": (
        "https://l.facebook.com/l.php?u=http%3A%2F%2F%5B%3A%3A1",
        "https://l.facebook.com/l.php?u=http%3A%2F%2F%5B%3A%3A1",
    ),
    "leads to a script": ("https://vk.com/away.php?to=javascript:x(1)", "https://vk.com/away.php?to=javascript:x(1)"),
    "holds an address": (
        "https://example.org/share?url=https://example.net/a",
        "https://example.org/share?url=https://example.net/a",
    ),
    "archive": (
        "https://archive.example/web/2025/https://example.org/a",
        "https://archive.example/web/2025/https://example.org/a",
    ),
    "feed proxy": ("https://feedproxy.example/~r/site/~3/abc/a-b", "https://feedproxy.example/~r/site/~3/abc/a-b"),
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
# All addresses of a line are one page's.
ONE_PAGE = {
    "a telephone": [
        "https://www.example.co.uk/news/a",
        "http://example.co.uk/news/a/",
        "https://m.example.co.uk/news/a",
        "https://mobile.example.co.uk/news/a/index.html",
        "https://example.co.uk/news/a?m=1",
    ],
    "AMP": [
        "https://www.example.org/2025/a?id=5",
        "https://www.example.org/2025/a/amp?id=5",
        "https://www.example.org/2025/a/amp/?id=5",
        "https://amp.example.org/2025/a?id=5",
        "https://www.example.org/amp/2025/a?id=5",
        "https://www.example.org/google-amp/2025/a?id=5",
        "https://www.example.org/2025/a.amp?id=5",
        "https://www.example.org/2025/a?amp=1&id=5",
        "https://www.google.com/amp/s/www.example.org/2025/a/amp?id=5",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/2025/a?id=5",
    ],
    "a language's telephone": ["https://de.m.example.org/wiki/A", "https://de.example.org/wiki/A"],
    "campaigns": [
        "https://example.org/a?utm_source=rss",
        "https://www.example.org/a?fbclid=1#top",
        "https://example.org/a",
    ],
    "the order of parameters": ["https://example.org/a?x=1&page=2", "https://example.org/a?page=2&x=1"],
    "a default document": ["https://example.org/?p=5", "http://www.example.org/index.php?p=5"],
    "a port": ["https://example.org:8443/a", "https://www.example.org:8443/a/"],
}
# No two of a line are.
PAGES = {
    "parameters": [
        "https://example.org/a" + query for query in ("", "?id=1", "?id=2", "?p=1", "?story=1", "?page=1", "?m=2")
    ],
    "paths": [
        "https://example.org/" + path for path in ("a", "A", "a/b", "a.html", "amplifiers/a", "camp", "index", "m/a")
    ],
    "hosts": [
        f"https://{host}/a"
        for host in (
            "example.org",
            "m.com",
            "mobile.com",
            "amp.blogspot.com",
            "m.co.uk",
            "news.example.org",
            "en.example.org",
        )
    ],
    "networks": ["http://192.0.2.7/a", "http://192.0.2.7:8080/a", "http://[2001:db8::1]/a", "http://localhost/a"],
    "fragments": ["https://example.org/#!/a", "https://example.org/#!/b"],
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
    "outputType=amp": True,
    "amp": True,
    "amp=": True,
    "amp=marshall": False,
    "type=video": False,
    "": False,
}
PIECES = [
    *"htps:/.@?#&=%;+-_~!|\\ aA1é\u200b\ud800\tß。[]'\"<>",
    *(
        "https://l.facebook.com/l.php?u=",
        "/s/",
        "http://",
        "x.org",
        "%41",
        "%2f",
        "%%41",
        "&amp;",
        "utm_a=1",
        "..",
        "/./",
        ":80",
        "#!",
        "[::1]",
        "a@",
    ),
]


@pytest.mark.parametrize(("given", "wanted"), URLS.values(), ids=URLS)
def test_urls_are_canonical(given: str, wanted: str) -> None:
    assert canonical_url(given) == wanted
    assert canonical_url(wanted) == wanted


@pytest.mark.parametrize("urls", ONE_PAGE.values(), ids=ONE_PAGE)
def test_addresses_of_one_page_have_one_key(urls: list[str]) -> None:
    assert len({key_address(canonical_url(url)) for url in urls}) == 1


@pytest.mark.parametrize("urls", PAGES.values(), ids=PAGES)
def test_pages_have_keys_of_their_own(urls: list[str]) -> None:
    assert len({key_address(canonical_url(url)) for url in urls}) == len(urls)


def test_many_redirects_in_one_another_end() -> None:
    assert canonical_url("https://l.instagram.com/?u=" * 300 + "https://example.org/a") == "https://example.org/a"


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
        ("https://m.example.org/?m=1", False),
        ("https://example.org/amp/index.html", False),
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


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample of article URLs is not here")
def test_real_articles_have_keys_of_their_own() -> None:
    for path in SAMPLE.glob("*.json"):
        urls = {url.rstrip("/") for url in json.loads(path.read_text(encoding="utf-8"))}
        assert len({key_address(canonical_url(url)) for url in urls}) == len(urls)
