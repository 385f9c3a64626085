"""What runs keep as it came, and what becomes of it when it is cleaned again, from the command line."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines import ingest
from pipelines.command import main
from pipelines.exit_codes import OK, SOME_INPUTS_FAILED
from schemas.records import Article, Document, Entry
from schemas.tables import TABLES
from tests.feed_server import FeedServer, serving
from tests.make import READ_AT, entry, story
from tests.runs import rows_of
from transforms.clean import CleanSettings, to_article
from transforms.ledger import OUTCOMES
from transforms.reclean.kept import list_kept, read_kept
from transforms.reclean.latest import ParseLatest, identities
from transforms.reclean.pages import join_page
from transforms.warc.writing import keep_document

TEMPLATE = "Leave your thoughts at the quay."
FRENCH = "Le port de la ville ouvre ses portes au printemps, et les bateaux reviennent avec la marée du matin."


def rss(*items: str) -> bytes:
    inside = "".join(f"<item><pubDate>Fri, 21 Mar 2025 08:00:00 GMT</pubDate>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>Harbour</title>{inside}</channel></rss>'.encode()


def item(number: int, text: str = "", link: str = "") -> str:
    """An entry with a text of its own, and the template's line below it."""
    link = link or f"https://news.example.org/{number}"
    text = f"{text or story(number)}&lt;p&gt;{TEMPLATE}&lt;/p&gt;"
    return f"<title>Story {number}</title><guid>g{number}</guid><link>{link}</link><description>{text}</description>"


def page(number: int) -> bytes:
    paragraphs = "".join(f"<p>{story(number)} Part {part} of the story {number} as told.</p>" for part in range(4))
    return (
        f"<html><head><title>Story {number}</title></head><body><article>{paragraphs}</article></body></html>".encode()
    )


class Dataset:
    """A dataset that the commands work on, with its rows before and after each."""

    def __init__(self, output: Path) -> None:
        self.output = str(output)
        self.runs = 0

    def run(self, *arguments: str, code: int = OK) -> dict[str, Any]:
        """Run a command, an hour after the last one; the counts of its manifest."""
        self.runs += 1
        clock = ["--as_of", f"2025-03-22T{self.runs:02d}:00:00Z", "--run_id", f"r{self.runs}"]
        assert main([*arguments, *clock]) == code
        manifest: dict[str, Any] = json.loads(Path(self.output, f"_manifests/r{self.runs}.json").read_bytes())
        counts = manifest["counts"]
        assert counts["reads"] == sum(counts[name] for name in OUTCOMES)
        return manifest

    def ingest(self, *arguments: str) -> dict[str, Any]:
        return self.run("ingest", "--output", self.output, "--allow_private", *arguments)

    def reclean(self, *arguments: str, code: int = OK) -> dict[str, Any]:
        return self.run("reclean", self.output, *arguments, code=code)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        names = [table.name for table in TABLES if Path(self.output, table.name).exists()]
        return {name: rows_of(self.output, name, ()) for name in names}

    def texts(self, title: str) -> dict[int, str]:
        """The texts of an article by version."""
        rows = [row for row in self.rows()["articles"] if row["title"] == title]
        return {row["version"]: row["body"] or row["description"] for row in rows}


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages = {"/robots.txt": lambda call: call.answer(404, b"")}
        yield running


@pytest.fixture
def serve(server: FeedServer) -> Callable[..., None]:
    """Serve a body under a path from now on."""

    def put(path: str, body: bytes, media_type: str = "text/html") -> None:
        server.pages[path] = lambda call: call.answer(200, body, Content_Type=media_type)

    return put


@pytest.fixture
def newer_cleaner(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """From the call on, the cleaner leaves out a phrase wherever it stands."""

    def leave_out(phrase: str) -> None:
        def clean(entry: Entry, settings: CleanSettings) -> Article:
            texts = {name: getattr(entry, name).replace(phrase, "") for name in ("description", "body")}
            return to_article(replace(entry, **texts), settings)

        monkeypatch.setattr(ingest, "to_article", clean)

    return leave_out


@pytest.mark.slow
def test_reclean_makes_versions_of_what_comes_out_differently(
    server: FeedServer, serve: Callable[..., None], tmp_path: Path, newer_cleaner: Callable[[str], None]
) -> None:
    dataset = Dataset(tmp_path / "out")
    feeds = ["--feeds", server.url("/a"), "--feeds", server.url("/no-feed"), "--keep_raw"]
    serve("/no-feed", b"<html><p>Please sign in")
    serve("/a", rss(item(1), item(2)))
    first = dataset.ingest(*feeds)
    serve("/a", rss(item(2), item(3)))
    second = dataset.ingest(*feeds)
    third = dataset.ingest(*feeds)  # nothing has changed: there is nothing to keep
    assert [manifest["counts"].get("raw_records", 0) for manifest in (first, second, third)] == [2, 1, 0]
    assert [file["path"] for file in first["raw"]] == ["raw/date=2025-03-22/part-r1-0.warc.gz"]
    assert third["raw"] == []

    before = dataset.rows()
    same = dataset.reclean()
    assert dataset.rows() == before
    assert (same["command"], same["counts"]["reads"], same["counts"]["repeats"]) == ("reclean", 5, 4)

    newer_cleaner(TEMPLATE)
    changed = dataset.reclean()
    assert (changed["counts"]["new_versions"], changed["counts"]["repeats"]) == (3, 1)
    for number in (1, 2, 3):
        texts = dataset.texts(f"Story {number}")
        assert TEMPLATE in texts[1]
        assert texts == {1: texts[1], 2: texts[1].replace(TEMPLATE, "").strip()}
    versions = [row for row in dataset.rows()["articles"] if row["version"] == 2]
    assert {(row["first_seen_at"].hour, row["date"].isoformat()) for row in versions} == {(5, "2025-03-21")}
    assert dataset.rows()["sightings"] == before["sightings"]

    after = dataset.rows()
    assert dataset.reclean()["counts"]["new_versions"] == 0
    assert dataset.rows() == after


@pytest.mark.slow
def test_pages_are_cleaned_again_with_their_entries(
    server: FeedServer, serve: Callable[..., None], tmp_path: Path, newer_cleaner: Callable[[str], None]
) -> None:
    dataset = Dataset(tmp_path / "out")
    serve("/b", rss(item(4, "A summary of story 4 as told.", server.url("/4"))))
    serve("/4", page(4))
    kept = dataset.ingest("--feeds", server.url("/b"), "--full_text", "--keep_raw", "--poll_deadline", "20")
    assert kept["counts"]["raw_records"] == 2
    (row,) = dataset.rows()["articles"]
    assert (row["content_kind"], "Part 3" in row["body"]) == ("full", True)
    asked = len(server.calls)

    before = dataset.rows()
    dataset.reclean()
    assert dataset.rows() == before
    newer_cleaner(" as told")
    assert dataset.reclean()["counts"]["new_versions"] == 1
    texts = dataset.texts("Story 4")
    assert "Part 3 of the story 4 as told." in texts[1]
    assert "Part 3 of the story 4." in texts[2]
    newer_cleaner(" of the story")
    assert dataset.reclean()["counts"]["new_versions"] == 1
    assert "Part 3 4 as told." in dataset.texts("Story 4")[3]
    assert len(server.calls) == asked


@pytest.mark.slow
def test_a_text_that_was_read_later_is_not_taken_back(
    server: FeedServer, serve: Callable[..., None], tmp_path: Path, newer_cleaner: Callable[[str], None]
) -> None:
    dataset = Dataset(tmp_path / "out")
    serve("/c", rss(item(5), item(6)))
    dataset.ingest("--feeds", server.url("/c"), "--keep_raw")
    serve("/c", rss(item(5, f"Corrected: {story(5)}"), item(6)))
    assert dataset.ingest("--feeds", server.url("/c"))["counts"]["new_versions"] == 1
    before = dataset.rows()
    dataset.reclean()
    assert dataset.rows() == before
    newer_cleaner(TEMPLATE)
    assert dataset.reclean()["counts"]["new_versions"] == 1
    assert dataset.texts("Story 5").keys() == dataset.texts("Story 6").keys() == {1, 2}
    assert dataset.texts("Story 5")[2].startswith("Corrected")


def test_what_was_left_out_can_be_taken_in(server: FeedServer, serve: Callable[..., None], tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "out")
    serve("/d", rss(f"<title>Le port</title><guid>7</guid><description>{FRENCH}</description>", item(8)))
    left_out = dataset.ingest("--feeds", server.url("/d"), "--keep_raw", "--languages", "en")["counts"]
    assert (left_out["new_articles"], left_out["rejects"]) == (1, 1)
    assert dataset.reclean("--languages", "en,fr")["counts"]["new_articles"] == 1
    assert {row["language"] for row in dataset.rows()["articles"]} == {"en", "fr"}


def test_without_anything_kept_there_is_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reclean", str(tmp_path / "gone")]) == 2
    assert "dateline ingest --keep_raw keeps it" in capsys.readouterr().err
    assert not (tmp_path / "gone").exists()


def test_a_dataset_can_be_made_anew_from_what_was_kept(
    server: FeedServer, serve: Callable[..., None], tmp_path: Path
) -> None:
    dataset = Dataset(tmp_path / "out")
    serve("/e", rss(item(9), item(10)), "audio/mpeg")
    dataset.ingest("--feeds", server.url("/e"), "--keep_raw")
    again = Dataset(tmp_path / "again")
    again.run("ingest", "--output", again.output, "--input", f"{dataset.output}/raw/**/*.warc.gz")
    assert again.rows()["articles"] == dataset.rows()["articles"]


def test_a_damaged_raw_file_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    feeds = [
        Document(f"https://a.example/{n}", b"<rss/>", READ_AT - n, "https://b.example/", is_feed=True) for n in (1, 2)
    ]
    path.write_bytes(keep_document(feeds[0], "r1") + b"junk" + keep_document(feeds[1], "r1"))
    (one, place), (damaged, _), (two, last) = list_kept(str(path), READ_AT)
    assert [(document.source, document.is_feed, document.data) for document in (one, two)] == [
        (feed.source, True, b"") for feed in feeds
    ]
    assert [read_kept(kept, READ_AT) for kept in (place, last)] == feeds
    assert (damaged.source, damaged.failure) == (str(path), "DamagedRecord")


@pytest.mark.slow
def test_a_damaged_capture_is_a_reject_and_the_others_are_cleaned(
    server: FeedServer, serve: Callable[..., None], tmp_path: Path, newer_cleaner: Callable[[str], None]
) -> None:
    dataset = Dataset(tmp_path / "out")
    for path, number in (("/f", 11), ("/g", 12)):
        serve(path, rss(item(number)))
        dataset.ingest("--feeds", server.url(path), "--keep_raw")
    first = tmp_path / "out/raw/date=2025-03-22/part-r1-0.warc.gz"
    data = first.read_bytes()
    first.write_bytes(data[:-60] + bytes(byte ^ 255 for byte in data[-60:]))
    newer_cleaner(TEMPLATE)
    dataset.reclean(code=SOME_INPUTS_FAILED)
    assert dataset.texts("Story 11").keys() == {1}
    assert dataset.texts("Story 12").keys() == {1, 2}
    assert [row["reason"] for row in dataset.rows()["rejects"]] == ["DamagedRecord"]


def test_of_an_entry_the_latest_capture_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    old, new = (
        Document(
            "https://a.example/",
            rss(item(number), item(3, text)),
            READ_AT + number,
            is_feed=True,
            url="https://a.example/",
        )
        for number, text in ((1, "As it was."), (2, "As it is."))
    )
    path.write_bytes(keep_document(new, "r2") + keep_document(old, "r1"))
    places = [place for _, place in list_kept(str(path), READ_AT + 9)]
    entries: list[Any] = list(ParseLatest(str(tmp_path), READ_AT + 9).process(("https://a.example/", places)))
    assert [(found.guid, found.read_at - READ_AT) for found in entries] == [("g2", 2), ("g3", 2), ("g1", 1)]
    assert entries[1].description.startswith("As it is.")


def test_of_a_page_the_latest_capture_counts(tmp_path: Path) -> None:
    path, address = tmp_path / "a.warc.gz", "https://a.example/4"
    old, new = (
        Document(address, page(4).replace(b"as told", told), READ_AT + number, address)
        for number, told in ((1, b"as it was"), (2, b"as it is"))
    )
    path.write_bytes(keep_document(new, "r2") + keep_document(old, "r1"))
    fed, kept = entry(title="Story 4", link=address), [place for _, place in list_kept(str(path), READ_AT + 9)]
    (found,) = join_page((address, {"entries": [fed], "pages": kept}), READ_AT + 9, "fast")
    assert "as it is" in found.body


IDENTITIES = {
    "guid and link": ({"guid": "g", "link": "https://a.example/1"}, 2),
    "guid": ({"guid": "g", "link": ""}, 1),
    "a link that many share": ({"guid": "g", "link": "https://a.example/", "link_is_shared": True}, 1),
    "text": ({"link": "", "body": "Tide"}, 1),
}


@pytest.mark.parametrize(("given", "count"), IDENTITIES.values(), ids=IDENTITIES)
def test_identities(given: dict[str, Any], count: int) -> None:
    keys = identities(entry(**given))
    assert len(set(keys)) == count
    assert keys == identities(entry(**given, read_at=1, published_raw="2025"))
    assert set(keys).isdisjoint(identities(entry(guid="other", link="https://a.example/other")))
