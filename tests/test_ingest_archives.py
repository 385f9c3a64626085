"""Web archives and sitemaps from the command line: what their captures become, and what is left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.command import main
from schemas.tables import TABLES
from tests.archives import packed, warc_record
from tests.make import story
from tests.runs import rows_of

TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
IMAGE = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"


def page(number: int, published: str = "", note: str = "") -> bytes:
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    paragraphs = "".join(f"<p>{story(number + part)} {note}</p>" for part in (0, 100, 200))
    head = f"<head><title>Story {number}</title>{date}</head>"
    return f"<html>{head}<body><article>{paragraphs}</article></body></html>".encode()


FIRST = packed(
    warc_record(0, b"software: test", b"", WARC_Type="warcinfo", Content_Type="application/warc-fields"),
    warc_record(1, b"", b"GET /1 HTTP/1.1\r\n", WARC_Type="request"),
    warc_record(1, page(1, "2025-03-18T08:00:00Z"), TEXT),
    warc_record(2, page(2), TEXT),
    warc_record(3, b"\x89PNG\r\n\x1a\n", IMAGE),
    warc_record(4, b"<p>Not here", GONE),
)
DAMAGED = packed(warc_record(5, page(5), TEXT))[:200] + packed(warc_record(6, page(6, "2027-01-01T00:00:00Z"), TEXT))
LATER = packed(warc_record(1, page(1, "2025-03-18T08:00:00Z", "Corrected."), TEXT, WARC_Date="2025-03-21T10:00:00Z"))
SITEMAP = """<urlset><url><loc>https://harbour.example.org/7</loc><news:news><news:title>Story 7</news:title>
<news:publication_date>2025-03-19</news:publication_date></news:news></url><url><loc>https://harbour.example.org/</loc></url>
</urlset>"""


class Found:
    """What a dataset holds after a run."""

    def __init__(self, output: Path, run_id: str) -> None:
        names = [table.name for table in TABLES if (output / table.name).exists()]
        self.rows: dict[str, list[dict[str, Any]]] = {name: rows_of(str(output), name, ()) for name in names}
        self.counts = json.loads((output / f"_manifests/{run_id}.json").read_bytes())["counts"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    """The dataset after the first archives and a sitemap, after a later archive, and after all of it once more."""
    folder = tmp_path_factory.mktemp("archives")
    files = {"first.warc.gz": FIRST, "damaged": DAMAGED, "sitemap.xml": SITEMAP.encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    found = []
    for run_id in ("first", "later", "again"):
        output = folder / "out"
        command = ["ingest", "--input", str(folder / "*"), "--output", str(output), "--run_id", run_id]
        assert main([*command, "--as_of", "2025-03-22T12:00:00Z"]) == 3  # damaged cannot be read whole
        found.append(Found(output, run_id))
        (folder / "later.warc.gz").write_bytes(LATER)
    return found


def test_a_page_is_an_article_of_its_address(runs: list[Found]) -> None:
    articles = {row["title"]: row for row in runs[0].rows["articles"]}
    assert articles.keys() == {"Story 1", "Story 2", "Story 6", "Story 7"}
    first = articles["Story 1"]
    assert (first["source"], first["url"]) == 2 * ("https://harbour.example.org/1",)
    assert (first["publisher"], first["content_kind"]) == ("example.org", "full")
    assert first["date"].isoformat() == "2025-03-18"


def test_an_undated_page_is_filed_under_the_day_of_its_capture(runs: list[Found]) -> None:
    (row,) = [row for row in runs[0].rows["articles"] if row["title"] == "Story 2"]
    assert (row["published_at"], row["date"].isoformat()) == (None, "2025-03-20")
    assert row["first_seen_at"].date().isoformat() == "2025-03-22"


def test_a_date_after_the_capture_is_not_believed(runs: list[Found]) -> None:
    (row,) = [row for row in runs[0].rows["articles"] if row["title"] == "Story 6"]
    assert (row["published_at"], row["published_raw"]) == (None, "2027-01-01T00:00:00Z")
    assert "implausible_date" in row["quality_flags"]


def test_a_sitemap_gives_articles_without_a_text(runs: list[Found]) -> None:
    (row,) = [row for row in runs[0].rows["articles"] if row["title"] == "Story 7"]
    assert (row["url"], row["body"], row["published_precision"]) == ("https://harbour.example.org/7", None, "day")


def test_what_cannot_be_used_is_counted_or_a_reject(runs: list[Found]) -> None:
    rejects = {row["reason"]: row for row in runs[0].rows["rejects"]}
    assert rejects.keys() == {"DamagedRecord", "NotANewsSitemap"}
    assert "at byte 0" in rejects["DamagedRecord"]["detail"]
    assert rejects["DamagedRecord"]["source"].endswith("/damaged")
    assert runs[0].counts["records_skipped"] == 2


def test_a_later_capture_is_a_new_version(runs: list[Found]) -> None:
    versions = [row for row in runs[1].rows["articles"] if row["title"] == "Story 1"]
    assert sorted((row["version"], "Corrected." in row["body"]) for row in versions) == [(1, False), (2, True)]
    assert (runs[1].counts["new_versions"], runs[1].counts["new_articles"]) == (1, 0)


def test_read_again_nothing_is_added(runs: list[Found]) -> None:
    assert runs[2].rows == runs[1].rows
