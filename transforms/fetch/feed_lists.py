"""Lists of feeds: what `--feeds` names.

A URL is a feed by itself. A file is an OPML list or a text list, told apart by content. A text list has a
feed on each line, its settings after it; a line that starts with `#` is a comment, as is the end of one after
` #`:

    # World
    https://example.org/world.rss   title="World news" collection=News/World zone=Europe/Paris
    https://example.org/fr.rss      header="Accept-Language: fr" header="X-Reader: 7"
    https://example.org/paid.rss    secret="Authorization: Bearer ${NEWS_TOKEN}"
    https://reader:${NEWS_PASSWORD}@example.org/members.rss
    https://example.org/old.rss     off=yes

    title        the list's name for the feed
    collection   its folder, such as News/World
    zone         the time zone to assume where a date gives none
    header       a request header; may be repeated
    secret       a request header with environment variables in it; may be repeated
    off          yes: kept in the list but not polled

Variables are looked up here, so that a missing one is known before anything runs, and again by the worker
that polls the feed: values never travel. Credentials that a URL spells out do, inside the pipeline's
elements, so on a cluster name a variable instead. A feed's headers and credentials go to the origin (scheme,
host, port) of the URL in the list and to no other, whatever it redirects to: list the https address, not one
that leads there.

An OPML list gives the same settings, in the same words, in one attribute of its `outline`:
`dateline:settings="zone=Europe/Paris off=yes"`, with `xmlns:dateline="urn:dateline"` on its root.
"""

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from schemas.errors import UsageError
from transforms.fetch.feeds import Feed, make_feed
from transforms.fetch.opml import opml_feeds

__all__ = ["Feed", "read_feed_list"]

_SIZE_LIMIT = 64 * 2**20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS = b"\xef\xbb\xbf\xff\xfe"  # the bytes of byte order marks


def read_feed_list(location: str) -> list[Feed]:
    """The feeds of a URL, an OPML file or a text list (local or on any Beam filesystem), each URL once.

    Raises UsageError, naming the file, the line and the value, for a list that cannot be used or is empty.
    """
    if location.lower().startswith(("http://", "https://")):
        return [make_feed(location, "", "--feeds")]
    data = _read_file(location)
    is_xml = data.lstrip(_MARKS + b" \t\r\n\0").startswith(b"<")
    unique: dict[str, Feed] = {}
    for feed in opml_feeds(data, location) if is_xml else text_feeds(data, location):
        unique.setdefault(feed.url, feed)
    if not unique:
        raise UsageError(f"--feeds {location}: there is no feed in the list")
    return list(unique.values())


def text_feeds(data: bytes, location: str) -> list[Feed]:
    """The feeds of a text list, in UTF-8, or in UTF-16 with its mark. Raises UsageError, naming the line."""
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"--feeds {location}: neither OPML nor text in UTF-8 ({error.reason})") from None
    feeds = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split(None, 1)
        if words and not words[0].startswith("#"):
            settings = words[1] if len(words) > 1 else ""
            feeds.append(make_feed(words[0], settings, f"--feeds {location}, line {number}"))
    return feeds


def _read_file(location: str) -> bytes:
    try:
        with FileSystems.open(location) as file:
            data: bytes = file.read(_SIZE_LIMIT + 1)
    except (OSError, BeamIOError, ValueError) as error:
        raise UsageError(f"--feeds {location}: {error}") from error
    if len(data) > _SIZE_LIMIT:
        raise UsageError(f"--feeds {location}: more than {_SIZE_LIMIT} bytes, which no list of feeds needs")
    return data
