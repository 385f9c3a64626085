"""Lists of feeds, as text and as OPML."""

import gzip
from pathlib import Path

import pytest

from schemas.errors import UsageError
from transforms.fetch.feed_lists import Feed, read_feed_list

OPML = '<?xml version="1.0"?><opml version="2.0" xmlns:dateline="urn:dateline"><body>{}</body></opml>'


def write(folder: Path, text: str | bytes, name: str = "list") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_url_is_a_feed_by_itself() -> None:
    assert read_feed_list("https://example.org/rss?x=1") == [Feed("https://example.org/rss?x=1")]


def test_a_text_list_gives_feeds_with_their_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", "t0ken")
    text = """\ufeff# Don't mind me
    https://example.org/plain

    https://example.org/world  title="World news" collection=News/World zone=Europe/Paris  # isn't it
    https://example.org/fr\theader="Accept-Language: fr" header='X-Reader: "7"' off=no
    https://example.org/paid secret="Authorization: Bearer ${NEWS_TOKEN}"
    https://example.org/old off=yes secret="X: ${NOT_SET_ANYWHERE}"
    https://example.org/plain title=Again
    """
    assert read_feed_list(write(tmp_path, text)) == [
        Feed("https://example.org/plain"),
        Feed("https://example.org/world", title="World news", collection="News/World", zone="Europe/Paris"),
        Feed("https://example.org/fr", headers=["Accept-Language: fr", 'X-Reader: "7"']),
        Feed("https://example.org/paid", secrets=["Authorization: Bearer ${NEWS_TOKEN}"]),
        Feed("https://example.org/old", off=True, secrets=["X: ${NOT_SET_ANYWHERE}"]),
    ]


OUTLINES = """
<outline text="News"><outline title=" World  &amp; more ">
  <outline text="One" xmlUrl="https://example.org/1?a=1&b=2&amp;c=3"/>
  <outline text="Two" xmlUrl="https://example.org/2"
    dateline:settings="zone=Asia/Tokyo title='2 &amp; two' off=yes"/>
</outline></outline>
<outline text="Three" title="3" xmlUrl=" https://example.org/3 "><outline text="Four" xmlUrl="https://example.org/4"/>
</outline><outline text="a link" type="link" url="https://example.org/"/>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_an_opml_list_gives_feeds_in_their_folders(tmp_path: Path, encoding: str) -> None:
    text = OPML.format(OUTLINES if encoding != "utf-16" else OUTLINES.replace("&b=2", "&amp;b=2"))
    assert read_feed_list(write(tmp_path, text.encode(encoding))) == [
        Feed("https://example.org/1?a=1&b=2&c=3", title="One", collection="News/World & more"),
        Feed("https://example.org/2", "2 & two", "News/World & more", zone="Asia/Tokyo", off=True),
        Feed("https://example.org/3", title="3"),
        Feed("https://example.org/4", title="Four"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "ends", ["\n", "\r\n", "  \r\n", "\t\n", "\u00a0\n"], ids=["lf", "crlf", "blanks", "tab", "no break"]
)
def test_a_text_list_may_come_from_any_editor(tmp_path: Path, encoding: str, ends: str) -> None:
    lines = ["https://example.org/1", "", " https://bücher.example/é", "https://[::1]:8080/3"]
    found = read_feed_list(write(tmp_path, "".join(line + ends for line in lines).encode(encoding)))
    assert [feed.url for feed in found] == ["https://example.org/1", "https://bücher.example/é", "https://[::1]:8080/3"]


def test_a_packed_list_is_unpacked(tmp_path: Path) -> None:
    location = write(tmp_path, gzip.compress(b"https://example.org/rss"), "list.txt.gz")
    assert read_feed_list(location) == [Feed("https://example.org/rss")]


BAD = {
    "empty": ("# nothing\n\n", "there is no feed"),
    "not_a_url": ("https://example.org/a\nexample.org/rss\n", "line 2: 'example.org/rss' is not an http"),
    "other_scheme": ("ftp://u:hunter2@example.org/rss", "line 1: 'ftp://example.org/rss' is not an http"),
    "slash_in_password": ("https://u:hunter2/x@example.org/rss", "line 1: 'https://example.org/rss' is not"),
    "odd_host": ("https://u:hunter2@[::1/rss", "is not an http"),
    "no_host": ("https:///rss", "is not an http"),
    "port_out_of_range": ("https://example.org:70000/", "is not an http"),
    "unknown_setting": (
        "https://example.org/ colour=red",
        "line 1: 'colour' is not one of the settings title",
    ),
    "no_value": ("https://example.org/ off", "'off' is not one of the settings"),
    "twice": ("https://example.org/ zone=UTC zone=UTC", "the setting zone is given twice"),
    "open_quote": ('https://example.org/ title="x', "No closing quotation"),
    "zone": ("https://example.org/ zone=Mars/Olympus", "zone='Mars/Olympus' is not a time zone"),
    "zone_with_a_path": ("https://example.org/ zone=../../etc/passwd", "is not a time zone"),
    "zone_that_is_a_folder": ("https://example.org/ zone=Europe", "is not a time zone"),
    "switch": ("https://example.org/ off=perhaps", "off='perhaps' is neither yes nor no"),
    "header_shape": ("https://example.org/ header=hunter2", "a header is written as Name: value"),
    "header_unquoted": (
        "https://example.org/ header=X-Key: hunter2",
        "after header= a word that is no setting",
    ),
    "header_of_ours": ('https://example.org/ header="Host: hunter2"', "the header host cannot be set"),
    "header_control": (
        'https://example.org/ header="X: hunter2\x01"',
        "the value of the header x is empty or",
    ),
    "header_variable": ('https://example.org/ header="X: ${HOME}"', "belongs to the setting secret"),
    "secret_spelt_out": ('https://example.org/ secret="X: hunter2"', "the secret for x names no environment"),
    "secret_unset": ('https://example.org/ secret="X: ${NO_SUCH_ONE}"', "variable NO_SUCH_ONE is not set"),
    "password_unset": ("https://me:${NO_SUCH_ONE}@example.org/", "variable NO_SUCH_ONE is not set"),
    "zero_width": ("https://me:hunter2@example.org/\u200b", r"'https://example.org/\u200b' is not an http"),
    "nul": ("https://example.org/\0", r"'https://example.org/\x00' is not an http"),
    "not_utf8": (b"https://example.org/\xff", "neither OPML nor text in UTF-8"),
    "other_xml": ("<rss><channel/></rss>", "<rss>, not a list of feeds"),
    "broken_xml": ("<opml>\n<body>\n</opml>", "line 3: XML: mismatched tag"),
    "odd_encoding": ('<?xml version="1.0" encoding="utf-7x"?><opml/>', "an XML encoding that is not read"),
    "bad_outline": (
        OPML.format('\n<outline xmlUrl="https://u:hunter2@x:y/"/>'),
        "line 2: 'https://x:y/' is not",
    ),
    "empty_opml": (OPML.format(""), "there is no feed"),
    "entities": ('<!DOCTYPE opml [<!ENTITY a "hunter2">]><opml/>', "a list of feeds that defines entities"),
    "external": ('<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml/>', "that defines entities"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_list_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    location = write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_feed_list(location)
    assert message in str(caught.value)
    assert location in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize("location", ["/no/such/list.opml", "nowhere://list", "/"])
def test_a_file_that_cannot_be_opened_is_named(location: str) -> None:
    with pytest.raises(UsageError, match=location):
        read_feed_list(location)


def test_credentials_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_PASSWORD", "p@ss")
    text = 'https://me:hunter%402@example.org/rss header="Cookie: hunter3"\nhttps://me:${NEWS_PASSWORD}@example.org/2'
    one, two = read_feed_list(write(tmp_path, text))
    assert (one.url, one.credentials) == ("https://example.org/rss", "me:hunter@2")
    assert (two.url, two.credentials) == ("https://example.org/2", "me:${NEWS_PASSWORD}")
    assert "hunter" not in repr(one)


LISTS = Path(__file__).parents[2] / "shared" / "data" / "opml_awesome_rss"


@pytest.mark.skipif(not LISTS.is_dir(), reason="the shared data is not there")
def test_real_lists_are_read_or_refused_by_line() -> None:
    """22 of the 118 hold quotes or angle brackets inside attributes; bare ampersands, in 58 more, are no obstacle."""
    read, refused = 0, []
    for path in LISTS.rglob("*.opml"):
        try:
            read += bool(read_feed_list(str(path)))
        except UsageError as error:
            refused.append(str(error))
    assert (read, len(refused)) == (96, 22)
    assert all(", line " in message for message in refused)
