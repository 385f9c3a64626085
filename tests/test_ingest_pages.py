"""The whole pipeline with --full_text: feeds, and the pages that their entries link to."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.command import main
from tests.feed_server import Call, FeedServer, serving
from tests.make import story
from tests.runs import rows_of
from transforms.ledger import OUTCOMES

SUMMARY = "Boats in the harbour should be moored well before the weekend."
FULL_BODY = f"<content:encoded>{story(9, 220)}</content:encoded>"
# path -> what else its item holds
ITEMS = {
    "/good": "",
    "/late": "",
    "/changing": "",
    "/missing": "",
    "/private/1": "",
    "/consent": "",
    "/film": "",
    "/foreign": "",
    "/full": FULL_BODY,
}
GERMAN = (
    "Die Boote im Hafen sollten vor dem Wochenende gut vertaut werden, denn am Samstag wird eine Springflut erwartet. "
    "Der Hafenmeister bittet alle Besitzer, ihre Leinen zu prüfen und die Fender nicht zu vergessen."
)


def page(title: str, body: str) -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n"))
    head = f'<title>{title}</title><meta property="article:published_time" content="2025-03-20T09:00:00Z">'
    return f"<!doctype html><html><head>{head}</head><body><article><h1>{title}</h1>{paragraphs}</article>".encode()


def title_of(path: str) -> str:
    return f"Harbour notice {path.strip('/').replace('/', ' ')}"


def text_of(path: str) -> str:
    return f"{SUMMARY} This notice is for all who sail.\n{story(len(path), 90)}\n{story(len(path) + 50, 90)}"


def html(call: Call, text: str = "") -> None:
    call.answer(200, page(title_of(call.path), text or text_of(call.path)), Content_Type="text/html")


def serve_pages(server: FeedServer) -> None:
    server.pages |= dict.fromkeys(ITEMS, html) | {
        "/robots.txt": lambda call: call.answer(200, b"User-agent: *\nDisallow: /private"),
        "/missing": lambda call: call.answer(404, b""),
        "/late": lambda call: call.answer(429, b""),
        "/consent": lambda call: call.answer(
            200, page("Before you go on", "We value you and your data. " * 9), Content_Type="text/html"
        ),
        "/film": lambda call: call.answer(200, b"....", Content_Type="video/mp4"),
        "/foreign": lambda call: html(call, f"{GERMAN}\n{GERMAN} Mehr dazu am Montag."),
    }


def feed_of(server: FeedServer, built: str, **changed: str) -> bytes:
    """The feed, with a build date of its own so that it is read again, and some summaries changed."""
    items = []
    for path, more in ITEMS.items():
        told = GERMAN if path == "/foreign" else changed.get(path.strip("/"), SUMMARY)
        items.append(
            f"<item><title>{title_of(path)}</title><guid isPermaLink='false'>{path}</guid>"
            f"<link>{server.url(path)}</link><description>{told}</description>{more}</item>"
        )
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    channel = f"<channel><lastBuildDate>{built}</lastBuildDate>{''.join(items)}</channel>"
    return f'<rss version="2.0" {namespace}>{channel}</rss>'.encode()


def serve_feed(server: FeedServer, built: str, **changed: str) -> None:
    feed = feed_of(server, built, **changed)
    server.pages["/feed"] = lambda call: call.answer(200, feed)


def serve_unchanging_feed(server: FeedServer, status: int) -> None:
    """A feed that never changes, and says so to those who have it; or, where status is 200, sends it once more."""
    feed = feed_of(server, "once")

    def page(call: Call) -> None:
        known = status == 304 and call.headers["If-None-Match"] == '"1"'
        call.answer(304, b"") if known else call.answer(200, feed, ETag='"1"')

    server.pages["/feed"] = page


class Run(NamedTuple):
    """One run: how it ended, what it asked for, counted, printed, and the tables after it."""

    code: int
    asked: list[str]
    counts: dict[str, int]
    printed: str
    articles: dict[str, list[dict[str, Any]]]  # by path, by version
    rows: dict[str, list[dict[str, Any]]]
    conditional: bool  # whether the feed was asked for only if it had changed
    full_text: bool | None  # what is known of the feed afterwards


def run(server: FeedServer, output: Path, run_id: str, day: int, *options: str) -> Run:
    said, before = io.StringIO(), len(server.calls)
    arguments = ["--feeds", server.url("/feed"), "--output", str(output), "--run_id", run_id, "--languages", "en,und"]
    with contextlib.redirect_stdout(said):
        clock = f"2025-03-{day}T12:00:00Z"
        code = main(["ingest", *arguments, "--allow_private", "--as_of", clock, *options])
    counts = json.loads((output / f"_manifests/{run_id}.json").read_bytes())["counts"]
    rows = {table: rows_of(str(output), table, ()) for table in ("articles", "sightings", "rejects")}
    articles: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows["articles"], key=lambda row: row["version"]):
        articles.setdefault(row["guid"], []).append(row)
    asked = sorted(path for path, _ in server.calls[before:] if path not in ("/feed", "/robots.txt"))
    conditional = any(path == "/feed" and "if-none-match" in headers for path, headers in server.calls[before:])
    (feed,) = rows_of(str(output), "feeds")
    return Run(code, asked, counts, said.getvalue(), articles, rows, conditional, feed["full_text"])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Run]]:
    """Four runs: at first; the same again; when a page has come back and a summary has changed; without pages."""
    output = tmp_path_factory.mktemp("pages") / "out"
    with serving() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.fetch.pages._DELAY_S", 0)
        serve_pages(server)
        serve_feed(server, "one")
        first = run(server, output, "first", 22, "--full_text")
        serve_feed(server, "two")
        second = run(server, output, "second", 23, "--full_text")
        server.pages["/late"] = html
        server.pages["/changing"] = lambda call: html(
            call, text_of("/changing") + "\nOne more word on the matter of ropes."
        )
        serve_feed(server, "three", changing="Boats in the harbour are moored, and more on that.")
        third = run(server, output, "third", 24, "--full_text")
        serve_feed(server, "four")
        yield [first, second, third, run(server, output, "fourth", 25)]


def test_a_summary_gets_the_text_of_its_page(runs: list[Run]) -> None:
    (row,) = runs[0].articles["/good"]
    assert row["content_kind"] == "full"
    assert row["body"].split("\n\n") == text_of("/good").split("\n")
    assert (row["title"], row["description"], row["quality_flags"]) == (title_of("/good"), SUMMARY, [])
    assert (row["published_source"], row["published_at"].isoformat()) == ("page", "2025-03-20T09:00:00+00:00")


def test_an_entry_with_its_own_text_needs_no_page(runs: list[Run]) -> None:
    assert runs[0].asked == sorted(path for path in ITEMS if path not in ("/full", "/private/1"))
    assert runs[0].articles["/full"][0]["body"] == story(9, 220)


@pytest.mark.parametrize("path", ["/missing", "/private/1", "/consent", "/film", "/late"])
def test_an_entry_whose_page_cannot_be_had_keeps_its_own_text(runs: list[Run], path: str) -> None:
    row = runs[0].articles[path][0]
    assert (row["content_kind"], row["description"], row["body"]) == ("summary", SUMMARY, None)
    assert "page_unavailable" in row["quality_flags"]


def test_every_outcome_is_counted_and_told(runs: list[Run]) -> None:
    counts = runs[0].counts
    pages = {name.removeprefix("pages_"): count for name, count in counts.items() if name.startswith("pages_")}
    assert pages == {
        "fetched": 3,
        "unavailable": 5,
        "unavailable_PageRefused": 1,
        "unavailable_DisallowedByRobots": 1,
        "unavailable_NoFullText": 1,
        "unavailable_NotAPage": 1,
        "unavailable_FetchFailed": 1,
        "failed": 1,
    }
    assert "Pages    3 fetched, 5 unavailable (1 DisallowedByRobots, 1 FetchFailed, 1 NoFullText" in runs[0].printed
    for one in runs:
        assert one.counts["reads"] == sum(one.counts[name] for name in OUTCOMES) == len(ITEMS)


def test_the_exit_code_tells_of_a_page_that_may_be_there_another_time(runs: list[Run]) -> None:
    assert [one.code for one in runs] == [3, 3, 0, 0]


def test_a_page_is_asked_for_once_and_a_second_run_adds_nothing(runs: list[Run]) -> None:
    assert runs[1].asked == ["/late"]
    assert runs[1].counts["pages_known"] == len(ITEMS) - 2
    assert runs[1].rows == runs[0].rows
    assert (runs[1].counts["repeats"], runs[1].counts["rejects"]) == (len(ITEMS) - 1, 1)


def test_a_reject_is_the_entry_without_its_page(runs: list[Run]) -> None:
    for one in runs:
        (reject,) = one.rows["rejects"]
        assert (reject["reason"], json.loads(reject["payload"])["body"]) == ("LanguageNotWanted", "")


def test_a_page_that_comes_back_and_a_summary_that_changes_make_new_versions(runs: list[Run]) -> None:
    assert runs[2].asked == ["/changing", "/late"]
    assert runs[2].counts["new_versions"] == 2
    summary, full = runs[2].articles["/late"]
    assert (summary["version"], full["version"], full["content_kind"]) == (1, 2, "full")
    assert (summary["article_id"], summary["url"]) == (full["article_id"], full["url"])
    assert [row["body"].count("ropes") for row in runs[2].articles["/changing"]] == [0, 1]


def test_a_run_without_the_option_goes_back_to_nothing(runs: list[Run]) -> None:
    assert (runs[3].asked, runs[3].rows["articles"]) == ([], runs[2].rows["articles"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    monkeypatch.setattr("transforms.fetch.pages._DELAY_S", 0)
    with serving() as running:
        serve_pages(running)
        yield running


@pytest.mark.parametrize("status", [304, 200])
def test_a_page_that_failed_is_asked_for_again_though_its_feed_is_unchanged(
    server: FeedServer, tmp_path: Path, status: int
) -> None:
    serve_unchanging_feed(server, status)
    first = run(server, tmp_path, "first", 22, "--full_text")
    server.pages["/late"] = html
    second = run(server, tmp_path, "second", 23, "--full_text")
    assert (second.asked, second.conditional, second.counts["new_versions"]) == (["/late"], False, 1)
    assert [row["content_kind"] for row in second.articles["/late"]] == ["summary", "full"]
    third = run(server, tmp_path, "third", 24, "--full_text")
    assert (third.asked, third.conditional, third.counts["reads"]) == ([], True, 0)
    assert third.rows == second.rows
    assert (first.full_text, second.full_text, third.full_text) == (False, True, True)


def test_pages_of_an_unchanged_feed_are_had_when_they_are_wanted(server: FeedServer, tmp_path: Path) -> None:
    serve_unchanging_feed(server, 304)
    run(server, tmp_path, "first", 22)
    second = run(server, tmp_path, "second", 23)
    assert (second.conditional, second.counts["reads"], second.full_text) == (True, 0, None)
    third = run(server, tmp_path, "third", 24, "--full_text")
    assert (third.conditional, third.counts["pages_fetched"], third.counts["new_versions"]) == (False, 3, 2)
    assert third.articles["/good"][1]["content_kind"] == "full"
