"""The health of feeds: what is told of them, and how it is shown."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.command import main
from pipelines.feeds import as_json, health_lines, health_rows
from schemas.tables import FEEDS, REJECTS, SIGHTINGS, TABLES
from tests.dataset import NOON, rows
from tests.object_store import OBJECTS
from transforms.feeds_health.carried import DAY, count_carried
from transforms.feeds_health.health import read_health
from transforms.feeds_health.states import count_states
from transforms.report.feeds import find_idle_feeds
from transforms.write.commit import commit
from transforms.write.staging import begin
from transforms.write.write_table import write_file

HOUR = DAY // 24
DAYS = ("2025-03-21", "2025-03-22")


def store(output: str, **tables: list[dict[str, Any]]) -> None:
    """A run that stores rows of tables; of dated ones under two days in turn."""
    with begin(output, "r", NOON) as run:
        for table in TABLES:
            if given := tables.get(table.name):
                for shard, day in enumerate(DAYS if table.dated else [""]):
                    own = given[shard :: len(DAYS)] if table.dated else given
                    write_file(table, (day, shard, 0), rows(table, own), run)
        commit(run, TABLES, {})


def seen(source: str, published_days_ago: float | None, relation: str = "original", seen_days_ago: float = 1) -> Any:
    published = None if published_days_ago is None else NOON - int(published_days_ago * DAY)
    return {
        "source": source,
        "relation": relation,
        "published_at": published,
        "first_seen_at": NOON - int(seen_days_ago * DAY),
    }


CARRIED = {
    "an archive of a month": ([seen("a", days) for days in range(1, 30)], (1, 29 / 29, 0)),
    "a day is the least": ([seen("a", 0.1), seen("a", 0.2)], (1, 2, 0)),
    "by when it was read, if not published": ([seen("a", None, seen_days_ago=2)] * 4, (2, 2, 0)),
    "copies": ([seen("a", 2), seen("a", 2, "near_duplicate"), seen("a", 2, "same_url"), seen("a", 2)], (1, 2, 0.5)),
    "texts of before are nothing new": ([seen("a", 2, seen_days_ago=9), seen("a", 2, "reverted")], (9, 0.5, 0)),
    "nothing of late": ([seen("a", 90, seen_days_ago=80), seen("a", 95, seen_days_ago=81)], (80, 0, None)),
    "published by a clock that is ahead": ([seen("a", -1)], (1, 1, 0)),
}


@pytest.mark.parametrize(("sightings", "expected"), CARRIED.values(), ids=CARRIED)
def test_what_a_feed_carries(sightings: list[Any], expected: tuple[float, float, float | None], tmp_path: Path) -> None:
    days, rate, share = expected
    store(str(tmp_path), sightings=[*sightings, seen("b", 3)])
    (found,) = [row for row in health_rows(count_carried(str(tmp_path), NOON)) if row["url"] == "a"]
    assert found["last_new_at"] == NOON - days * DAY
    assert (found["entries_per_day"], found["duplicate_share"]) == (pytest.approx(rate), share)


def test_nothing_was_carried_yet(tmp_path: Path) -> None:
    assert count_carried(str(tmp_path), NOON).num_rows == 0


def feed(name: str, **given: Any) -> dict[str, Any]:
    return {
        "url": f"https://{name}.example/rss",
        "last_fetched_at": NOON - HOUR,
        "last_changed_at": NOON - HOUR,
    } | given


def reject(name: str, at: int, **given: Any) -> dict[str, Any]:
    row = {"stage": "parse", "reason": "NotAFeed", "detail": "a page", "payload_kind": "document", "first_seen_at": at}
    return row | {"source": f"https://{name}.example/rss"} | given


HEALTH = {
    "well": (feed("a"), [], "ok", None),
    "failing": (feed("a", failures=2, last_error="E: x"), [reject("a", NOON)], "failing", "E: x"),
    "gone": (feed("a", failures=2, gone_at=NOON, last_error="E: x"), [], "gone", "E: x"),
    "no feed": (feed("a"), [reject("a", NOON - HOUR)], "unreadable", "NotAFeed: a page"),
    "the last of two": (
        feed("a"),
        [reject("a", NOON), reject("a", NOON - 9, detail="another")],
        "unreadable",
        "NotAFeed: a page",
    ),
    "a feed again": (feed("a"), [reject("a", NOON - 2 * HOUR)], "ok", None),
    "a feed again, in the same window of a stream": (
        feed("a"),
        [reject("a", NOON, context=json.dumps({"read_at": NOON - 2 * HOUR}))],
        "ok",
        None,
    ),
    "no feed elsewhere": (feed("a"), [reject("b", NOON)], "ok", None),
    "an entry": (feed("a"), [reject("a", NOON, payload_kind="entry")], "ok", None),
    "failed once": (feed("a"), [reject("a", NOON, stage="fetch")], "ok", None),
    "changed never": (feed("a", last_changed_at=None), [reject("a", NOON)], "ok", None),
}


@pytest.mark.parametrize(("known", "rejects", "state", "error"), HEALTH.values(), ids=HEALTH)
def test_how_a_feed_is(known: Any, rejects: list[Any], state: str, error: str | None, tmp_path: Path) -> None:
    store(str(tmp_path), feeds=[known], rejects=rejects)
    (row,) = health_rows(read_health(str(tmp_path), NOON))
    assert (row["state"], row["last_error"], row["last_new_at"]) == (state, error, None)


def test_a_report_lists_what_is_no_feed(tmp_path: Path) -> None:
    store(str(tmp_path), feeds=[feed("a"), feed("b")], rejects=[reject("a", NOON)])
    (idle,) = find_idle_feeds(str(tmp_path)).idle
    assert (idle.url, idle.error, idle.is_unreadable) == (feed("a")["url"], "NotAFeed: a page", True)


def test_states_are_counted() -> None:
    table = rows(FEEDS, [feed("a"), feed("b", failures=1), feed("c", failures=3), feed("d", failures=1, gone_at=NOON)])
    assert count_states(table) == {"ok": 1, "failing": 2, "gone": 1}
    assert count_states(FEEDS.schema.empty_table()) == {"ok": 0, "failing": 0, "gone": 0}


LONG = "https://news.example.org/a/long/way/to/the/feed/of/the/day/at/the/harbour.xml"
FEEDS_SHOWN = [
    feed("world", last_fetched_at=NOON - 240_000_000, next_poll_at=NOON + 720_000_000),
    feed("old", moved_to="https://new.example/rss", last_fetched_at=NOON - 240_000_000),
    feed(
        "broken",
        failures=3,
        failing_since=NOON - 5 * HOUR,
        last_error="FetchFailed: HTTP 503 at https://broken.example/rss",
        next_poll_at=NOON + 90_000_000,
        last_fetched_at=NOON - 59_000_000,
    ),
    feed("shut", failures=1, gone_at=NOON - 3 * DAY, failing_since=NOON - 3 * DAY, last_fetched_at=NOON - 3 * DAY)
    | {"last_error": "FetchFailed: HTTP 410 (the feed is gone) at https://shut.example/rss"},
    feed("page"),
    feed("long") | {"url": LONG, "last_fetched_at": None},
]
CARRIES = [
    *[seen("https://world.example/rss", 0.3, seen_days_ago=1 / 24)] * 41,
    seen("https://world.example/rss", 0.3, "same_text"),
    seen(LONG, 90, seen_days_ago=80),
]
SHOWN = """\
                               fetched      new     next    a day  copies  fails

Failing (1)
broken.example/rss                59 s        -    1 min        -       -      3
    FetchFailed: HTTP 503, since 5 h

Gone: polled no more (1)
shut.example/rss                   3 d        -    never        -       -      1
    FetchFailed: HTTP 410 (the feed is gone), since 3 d

No feed (1)
page.example/rss                   1 h        -      due        -       -      0
    NotAFeed: a page

Well (3)
news.example.o…he/harbour.xml        -     80 d      due      0.0       -      0
old.example/rss                  4 min        -      due        -       -      0
    moved to https://new.example/rss
world.example/rss                4 min      1 h   12 min     42.0      2%      0

6 feeds: 3 well, 1 failing, 1 gone, 1 no feed; 1 moved
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("health"))
    store(folder, feeds=FEEDS_SHOWN, sightings=CARRIES, rejects=[reject("page", NOON)])
    return folder


def lines(output: str, width: int) -> list[str]:
    return list(health_lines(health_rows(read_health(output, NOON)), NOON, width))


def test_a_table_of_feeds(output: str) -> None:
    shown = "\n".join(lines(output, 80)) + "\n"
    assert shown == SHOWN


@pytest.mark.parametrize("width", [80, 120, 0])
def test_a_table_fits_its_place(output: str, width: int) -> None:
    found = lines(output, width)
    widest = max(map(len, found))
    assert widest <= (width or 999)
    assert any(LONG.removeprefix("https://") in line for line in found) == (width != 80)


def test_what_a_feed_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]0;x\x07\x9b2J\n"
    given = {"url": f"https://a.example/{hostile}", "moved_to": hostile, "last_error": hostile, "failures": 1}
    store(str(tmp_path), feeds=[feed("a") | given])
    assert all(line.isprintable() for width in (0, 80) for line in lines(str(tmp_path), width))
    assert json.dumps(as_json(read_health(str(tmp_path), NOON))).isprintable()


def test_the_page_for_operators_shows_the_table() -> None:
    page = (Path(__file__).parents[1] / "docs/operators.md").read_text().partition("## Health of feeds")[2]
    assert f"```text\n{SHOWN}```" in page
    assert re.findall(r"^dateline feeds (.*)", page, re.M) == ["out", "out --json"]


def test_json_tells_all_of_each_feed(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", output, "--json"]) == 0
    told = {row["url"]: row for row in json.loads(capsys.readouterr().out)}
    assert told.keys() == {row["url"] for row in FEEDS_SHOWN}
    shut = told["https://shut.example/rss"]
    assert (shut["state"], shut["gone_at"], shut["next_poll_at"]) == ("gone", "2025-03-19T12:00:00.000000Z", None)
    assert told["https://world.example/rss"]["last_new_at"] == "2025-03-22T11:00:00.000000Z"


def test_the_command_prints_a_table(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", output]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == SHOWN.splitlines()[-1]


def test_a_dataset_in_an_object_store() -> None:
    try:
        store("objects://bucket/out", feeds=[feed("a")], sightings=[seen("https://a.example/rss", 2)] * 2)
        (row,) = health_rows(read_health("objects://bucket/out", NOON))
    finally:
        OBJECTS.clear()
    assert (row["state"], row["entries_per_day"]) == ("ok", 1)


def test_no_dataset_and_no_feeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", str(tmp_path / "none")]) == 2
    store(str(tmp_path), sightings=[seen("a.xml", 1), seen("a.xml", 2)])
    assert main(["feeds", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 feeds: 0 well, 0 failing, 0 gone, 0 no feed; 0 moved\n"


def test_a_damaged_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(str(tmp_path), feeds=[feed("a")], sightings=[seen("a", 1), seen("a", 2)], rejects=[reject("a", NOON)] * 2)
    for table in (SIGHTINGS, REJECTS, FEEDS):
        (path, *_) = tmp_path.glob(f"{table.name}/**/*.parquet")
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        assert main(["feeds", str(tmp_path)]) == 1
        assert str(path) in capsys.readouterr().err
        path.write_bytes(data)
