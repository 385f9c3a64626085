"""A stream beside a forgetting: what waits for its window is blank, and what comes later is held back."""

from pathlib import Path

import pytest

from pipelines.check import check_dataset
from schemas.records import FeedState, Reject
from tests.every_byte import holds
from tests.make import READ_AT, story
from tests.runs import rows_of
from tests.test_stream_commit_window import END, FLUSH_S, news, parcels_of, reads
from transforms.forget.forget import forget
from transforms.forget.selection import Selection
from transforms.ledger import OUTCOMES
from transforms.rejects import rejects_table
from transforms.stream.commit_window import commit_window
from transforms.stream.packs import write_pack
from transforms.stream.parcels import wrap
from transforms.stream.settings import StreamSettings
from transforms.write.feeds_table import read_feeds
from transforms.write.manifests import read_manifest

GONE = "https://example.org/2"
REJECTS = [
    Reject("clean", "EmptyArticle", "no text", "feed-1", f'{{"link": "{GONE}"}}'.encode(), "entry", 40),
    Reject("parse", "Malformed", "cut", "feed-1", b"<rss>", "document", 5),
]


@pytest.fixture
def settings(tmp_path: Path) -> StreamSettings:
    return StreamSettings(str(tmp_path / "out"), "s", FLUSH_S)


def test_what_waits_for_its_window_is_blank(settings: StreamSettings) -> None:
    output = settings.output
    commit_window(settings, END, parcels_of(output, [news(1)]))
    waiting = [*parcels_of(output, [news(2), news(3)]), write_pack(output, "rejects", rejects_table(REJECTS)), reads(2)]
    unfinished = Path(output, "_stream/articles-1.arrow-unfinished")
    unfinished.write_bytes(b"half of it")
    assert holds(output, GONE)
    assert holds(output, story(2))

    assert forget(output, Selection(urls=(GONE,)), READ_AT).waiting == 2
    assert holds(output, GONE) == holds(output, story(2)) == []
    assert not unfinished.exists()
    counts = commit_window(settings, END + FLUSH_S, waiting).counts
    assert {name: counts[name] for name in ("reads", "new_articles", "repeats", "rejects", "forgotten")} == {
        "reads": 4, "new_articles": 1, "repeats": 1, "rejects": 2, "forgotten": 1,
    }  # fmt: skip
    assert [row["reason"] for row in rows_of(output, "rejects")] == ["Malformed"]
    assert sorted(row["url"][-1] for row in rows_of(output, "articles")) == ["1", "3"]
    assert check_dataset(output).damage == []


def test_what_comes_later_is_held_back(settings: StreamSettings) -> None:
    output = settings.output
    commit_window(settings, END, parcels_of(output, [news(1), news(2), news(3)]))
    forget(output, Selection(urls=(GONE,)), READ_AT)
    later = [news(2), news(2, 22), news(2, url="https://c.example/1", source="feed-3"), news(4)]
    run_id = commit_window(settings, END + FLUSH_S, parcels_of(output, later)).run_id
    counts = read_manifest(output, run_id)["counts"]
    assert (counts["new_articles"], counts["repeats"], counts["forgotten"]) == (1, 3, 3)
    assert counts["reads"] == sum(counts[name] for name in OUTCOMES)
    assert holds(output, GONE) == holds(output, story(2)) == holds(output, story(22)) == []


def state(url: str) -> FeedState:
    return FeedState(url, "", "", "", "", "", "", 200, "", 0, READ_AT, None, None, None, None)


def test_a_forgotten_feed_is_not_listed_again(settings: StreamSettings) -> None:
    output = settings.output
    states = wrap("states", [state("feed-1"), state("feed-2")])
    commit_window(settings, END, [*parcels_of(output, [news(1)]), states])
    forget(output, Selection(sources=("feed-1",)), READ_AT)
    commit_window(settings, END + FLUSH_S, [*parcels_of(output, [news(1), news(2)]), states])
    assert read_feeds(output)["url"].to_pylist() == ["feed-2"]
    assert holds(output, "feed-1") == []
    assert rows_of(output, "articles") == []
