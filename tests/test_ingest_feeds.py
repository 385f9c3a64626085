"""The whole pipeline from the command line, on feeds over HTTP."""

import base64
import contextlib
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.command import main
from schemas.tables import TABLES
from tests.feed_server import Call, FeedServer, serving
from tests.make import micros, story
from tests.runs import rows_of
from transforms.ledger import OUTCOMES

SECRETS = ("pass-4711", "key-4712", "word-4713", "leak-4714", "turn-4715", "shut-4716")
TEXT_LIST = """# the harbour's feeds
{0}/good          title=Good collection=News/Port zone=Europe/Paris
{0}/same          title="Same bytes"
{0}/broken
{0}/hangs
{0}/inward
{0}/metadata
{0}/page
http://reader:pass-4711@{1}/members
http://reader:shut-4716@{1}/shut
{0}/keyed         secret="X-Key: ${{HARBOUR_KEY}}"
{0}/turns         header="X-Word: word-4713"
{0}/empty
{0}/off           off=yes
"""
OPML_LIST = """<opml version="2.0"><body><outline text="World"><outline text="Sea">
<outline text="Tides" xmlUrl="{0}/atom"/><outline text="Gone" xmlUrl="{0}/gone"/>
<outline text="Packed" xmlUrl="http://:turn-4715@{1}/packed"/></outline></outline></body></opml>"""
REDIRECTS = {
    "/inward": "http://10.0.0.1/feed",
    "/metadata": "http://169.254.169.254/latest/meta-data/",
    "/turns": "http://me:leak-4714@127.0.0.1:{0}/turned",
}
REJECTS = {
    "/broken": ("fetch", "FetchFailed", "HTTP 500"),
    "/hangs": ("fetch", "FetchFailed", "no answer by the deadline of the poll (1 s)"),
    "/inward": ("fetch", "AddressRefused", "10.0.0.1 (private)"),
    "/metadata": ("fetch", "AddressRefused", "169.254.169.254 (link-local)"),
    "/shut": ("fetch", "FetchFailed", "HTTP 401"),
    "/gone": ("fetch", "FetchFailed", "HTTP 410 (the feed is gone)"),
    "/page": ("parse", "NotAFeed", ""),
}
STATUSES = {"/broken": 500, "/hangs": None, "/inward": None, "/metadata": None, "/shut": 401, "/gone": 410}
ENTRIES = {"/good": 2, "/same": 1, "/members": 1, "/keyed": 1, "/turns": 1, "/atom": 1, "/packed": 1}
PUBLIC = ("127.0.0.1/32",)  # this one address stands for the public network


def rss(*numbers: int) -> bytes:
    """A feed with a story for each number."""
    items = [
        f"<item><title>Story {number}</title><link>https://news.example.org/{number}</link>"
        f"<pubDate>Fri, 21 Mar 2025 08:00:00</pubDate><description>{story(number)}</description></item>"
        for number in numbers
    ]
    return f'<rss version="2.0"><channel><title>Harbour</title>{"".join(items)}</channel></rss>'.encode()


def atom(call: Call) -> None:
    """A feed that has not changed for those who have it."""
    if call.headers["If-None-Match"] == '"7"':
        call.answer(304, b"")
    else:
        entry = f"<entry><title>Spring tide</title><id>urn:tide:7</id><content>{story(7)}</content></entry>"
        call.answer(200, f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode(), ETag='"7"')


def guarded(name: str, value: str, body: bytes, **headers: str) -> Callable[[Call], None]:
    """A page for those who send a header."""
    return lambda call: call.answer(200, body, **headers) if call.headers[name] == value else call.answer(401, b"")


def basic(credentials: str) -> str:
    """The value of the header Authorization."""
    return "Basic " + base64.b64encode(credentials.encode()).decode()


def redirect(target: str) -> Callable[[Call], None]:
    """A page that leads elsewhere."""
    return lambda call: call.answer(302, b"", Location=target)


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages = {path: redirect(to.format(running.server_port)) for path, to in REDIRECTS.items()} | {
            "/good": lambda call: call.answer(200, rss(1, 2)),
            "/same": lambda call: call.answer(200, rss(3)),
            "/broken": lambda call: call.answer(500, b"", Retry_After="60"),
            "/hangs": lambda call: running.ended.wait(10),
            "/page": lambda call: call.answer(200, b"<!doctype html><title>Sorry</title><p>Please sign in."),
            "/members": guarded("Authorization", basic("reader:pass-4711"), rss(4)),
            "/shut": lambda call: call.answer(401, b"reader:shut-4716"),
            "/keyed": guarded("X-Key", "key-4712", rss(5)),
            "/turned": guarded("X-Word", "word-4713", rss(6)),
            "/empty": lambda call: call.answer(200, rss()),
            "/atom": atom,
            "/gone": lambda call: call.answer(410, b""),
            "/packed": guarded("Authorization", basic(":turn-4715"), gzip.compress(rss(8)), Content_Encoding="gzip"),
        }
        yield running


class Polls(NamedTuple):
    """A dataset after two polls of the same lists, a day apart."""

    output: Path
    printed: list[str]
    rows: list[dict[str, list[dict[str, Any]]]]  # of each table, after each poll

    def poll(self, run_id: str, *arguments: str) -> None:
        """Poll once, and keep what was said and what is stored."""
        said = io.StringIO()
        command = ["ingest", "--output", str(self.output), "--run_id", run_id, *arguments]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            assert main([*command, "--poll_deadline", "1", "--allow_private"]) == 3
        self.printed.append(said.getvalue())
        self.rows.append({table.name: rows_of(str(self.output), table.name, ()) for table in TABLES})

    def counts(self, run_id: str) -> dict[str, int]:
        """The counts of a poll."""
        manifest = json.loads((self.output / f"_manifests/{run_id}.json").read_bytes())
        return manifest["counts"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def polls(server: FeedServer, tmp_path_factory: pytest.TempPathFactory) -> Polls:
    folder = tmp_path_factory.mktemp("polls")
    feeds = []
    for name, text in {"feeds.txt": TEXT_LIST, "feeds.opml": OPML_LIST}.items():
        (folder / name).write_text(text.format(server.url(""), server.url("").removeprefix("http://")))
        feeds += ["--feeds", str(folder / name)]
    done = Polls(folder / "out", [], [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.ingest.EVERYWHERE", PUBLIC)
        patch.setenv("HARBOUR_KEY", "key-4712")
        done.poll("first", "--as_of", "2025-03-22T12:00:00Z", *feeds)
        done.poll("second", "--as_of", "2025-03-30T12:00:00Z", *feeds)  # when no feed is left alone any more
    return done


def test_what_is_well_becomes_rows(polls: Polls, server: FeedServer) -> None:
    articles = polls.rows[0]["articles"]
    sources = [row["source"].removeprefix(server.url("")) for row in articles]
    assert {path: sources.count(path) for path in set(sources)} == ENTRIES
    assert {row["feed_url"] for row in articles} <= {server.url(path) for path in ENTRIES}
    good = next(row for row in articles if row["title"] == "Story 1")
    assert (good["collection"], good["published_zone"]) == ("News/Port", "assumed")
    assert int(good["published_at"].timestamp() * 1e6) == micros("2025-03-21T07:00")
    assert next(row["collection"] for row in articles if row["title"] == "Spring tide") == "World/Sea"


def test_what_is_not_is_a_reject_with_its_reason(polls: Polls, server: FeedServer) -> None:
    rejects = {row["source"].removeprefix(server.url("")): row for row in polls.rows[0]["rejects"]}
    assert rejects.keys() == REJECTS.keys()
    for path, (stage, reason, detail) in REJECTS.items():
        assert (rejects[path]["stage"], rejects[path]["reason"]) == (stage, reason), path
        assert detail in rejects[path]["detail"], path


def test_the_feeds_table_tells_how_each_feed_is(polls: Polls, server: FeedServer) -> None:
    feeds = {row["url"].removeprefix(server.url("")): row for row in polls.rows[0]["feeds"]}
    assert feeds.keys() == ENTRIES.keys() | REJECTS.keys() | {"/empty"}
    assert {path: row["status"] for path, row in feeds.items()} == dict.fromkeys(feeds, 200) | STATUSES
    for path, row in feeds.items():
        failed = path in STATUSES
        assert (row["failures"], row["last_error"] is not None, row["last_ok_at"] is None) == (failed, failed, failed)
        assert not failed or path == "/gone" or row["next_poll_at"] > row["last_fetched_at"]
        assert row["gone_at"] == (row["last_fetched_at"] if path == "/gone" else None)
    assert (feeds["/good"]["title"], feeds["/atom"]["title"], feeds["/atom"]["etag"]) == ("Good", "Tides", '"7"')
    again = {row["url"].removeprefix(server.url("")): row for row in polls.rows[1]["feeds"]}
    assert again["/atom"]["status"] == 304
    fail = {path: 2 * (path in STATUSES) for path in again} | {"/gone": 1}
    assert {path: row["failures"] for path, row in again.items()} == fail


def test_a_second_poll_adds_nothing(polls: Polls) -> None:
    for table in ("articles", "sightings", "rejects"):
        assert polls.rows[0][table] == polls.rows[1][table]


def test_every_entry_has_one_outcome(polls: Polls) -> None:
    first, second = polls.counts("first"), polls.counts("second")
    assert first["reads"] == sum(first[name] for name in OUTCOMES) == sum(ENTRIES.values()) + len(REJECTS)
    assert (first["new_articles"], first["rejects"]) == (sum(ENTRIES.values()), len(REJECTS))
    # What has not changed is not read again; what failed is, unless it is gone.
    assert second["reads"] == second["rejects"] == second["feeds_failed"] == len(STATUSES) - 1
    feeds = [second[f"feeds_{outcome}"] for outcome in ("polled", "unchanged", "skipped", "gone")]
    assert feeds == [14, 9, 1, 1]


def test_the_summary_counts_the_feeds(polls: Polls) -> None:
    assert "15 polled, 0 unchanged, 6 failed" in polls.printed[0]
    assert "14 polled, 9 unchanged, 5 failed, 1 skipped, 1 gone" in polls.printed[1]
    assert "Nothing new" in polls.printed[1]


def test_no_secret_is_stored_or_shown(polls: Polls) -> None:
    secrets = [*SECRETS, *(basic(pair) for pair in ("reader:pass-4711", "reader:shut-4716", ":turn-4715"))]
    files = [path for path in polls.output.rglob("*") if path.is_file()]
    places = {str(path): path.read_bytes() for path in files} | {"rows": repr(polls.rows).encode()}
    places["screen"] = "".join(polls.printed).encode()
    assert [(secret, place) for place, data in places.items() for secret in secrets if secret.encode() in data] == []


def test_loopback_is_refused_unless_allowed(server: FeedServer, tmp_path: Path) -> None:
    asked = len(server.calls)
    assert main(["ingest", "--feeds", server.url("/good"), "--output", str(tmp_path)]) == 3
    (reject,) = rows_of(str(tmp_path), "rejects")
    assert (reject["stage"], reject["reason"]) == ("fetch", "AddressRefused")
    assert "127.0.0.1 (loopback)" in reject["detail"]
    assert len(server.calls) == asked
