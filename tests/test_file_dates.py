"""The date of a file, by its path or by its last change, for what gives no date of its own."""

import os
from pathlib import Path

import pytest

from pipelines.command import main
from schemas.records import Document
from tests.parsing import parse, rss
from tests.runs import rows_of
from transforms.file_dates import date_in_path, date_of_change
from transforms.parse import parse_document
from transforms.read_documents import DEFAULT_LIMITS, match_ranges

DAY = "2025-03-22"
PATHS = {
    "ISO": ("texts/talks-2025-03-22.txt", DAY),
    "ISO with a time": ("texts/2025-03-22T1405Z.txt", DAY),
    "ISO with a time and a zone": ("2025-03-22T14-05-00+0100.txt", DAY),
    "underscores": ("2025_03_22_talks.txt", DAY),
    "dots": ("talks.2025.03.22.txt", DAY),
    "eight digits": ("20250322_talks.txt", DAY),
    "eight digits and a time": ("talks_20250322T140500Z.txt", DAY),
    "fourteen digits": ("20250322140500.txt", DAY),
    "day first": ("talks-22-03-2025.txt", DAY),
    "month first": ("talks-03-22-2025.txt", DAY),
    "the same either way": ("talks-03-03-2025.txt", "2025-03-03"),
    "month by name": ("22mar2025.txt", DAY),
    "month by name last": ("talks-2025-march-22.txt", DAY),
    "folders": ("news/2025/03/22/talks.txt", DAY),
    "named folders": ("news/year=2025/month=03/day=22/talks.txt", DAY),
    "folders and a file": ("news/2025/03/22.txt", DAY),
    "a folder": ("news/2025-03-22/talks.txt", DAY),
    "a partition": ("gs://bucket/date=2025-03-22/part-1.txt", DAY),
    "the name before the folders": ("2024/12/31/talks-2025-03-22.txt", DAY),
    "the inner folder": ("2024-12-31/2025-03-22/talks.txt", DAY),
    "twice the same": ("2025-03-22/talks-20250322.txt", DAY),
    # No date, or no one date
    "none": ("texts/talks.txt", ""),
    "a year": ("texts/talks-2025.txt", ""),
    "a month": ("texts/2025-03/talks.txt", ""),
    "two days in one": ("talks-03-04-2025.txt", ""),
    "two days": ("talks-2025-03-22-2025-03-23.txt", ""),
    "two days and a folder": ("2025/03/22/2025-03-01_2025-03-31.txt", ""),
    "no such day": ("talks-2025-02-30.txt", ""),
    "no such month": ("20251322.txt", ""),
    "a longer number": ("id-1202503221.txt", ""),
    "another century": ("talks-1825-03-22.txt", ""),
    "two digits of a year": ("25-03-22.txt", ""),
    "other digits": ("talks-٢٠٢٥-٠٣-٢٢.txt", ""),
    "a number in a folder": ("2025/03/22-talks.txt", ""),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("path", "expected"), PATHS.values(), ids=PATHS)
def test_date_in_path(path: str, expected: str) -> None:
    assert date_in_path(path) == expected


def test_date_of_change() -> None:
    assert date_of_change(1_742_652_300.9) == "2025-03-22T14:05:00Z"
    assert date_of_change(0) == ""
    assert date_of_change(None) == ""


def test_a_document_dates_only_what_has_no_date() -> None:
    given = {"dated": DAY, "dated_by": "name"}
    dates = "<title>a</title><pubDate>21 Mar 2025</pubDate>", "<title>b</title>"
    found = [(entry.published_raw, entry.published_source) for entry in parse(rss(*dates), **given)]
    assert found == [("21 Mar 2025", "entry"), (DAY, "name")]
    assert [entry.published_source for entry in parse("A title\n\nUpdated: 2025-03-21\n\nText", **given)] == ["updated"]


def test_nothing_is_dated_unasked(tmp_path: Path) -> None:
    (tmp_path / "talks-2025-03-22.txt").write_text("Talks\n\nThey talk.")
    (part,) = match_ranges([f"{tmp_path}/*"], DEFAULT_LIMITS)
    assert (part.dated, part.dated_by) == ("", "")
    (entry,) = parse_document(Document("2025/03/22/talks.txt", b"Talks\n\nThey talk.", 0))
    assert (entry.published_raw, entry.published_source) == ("", "")


DATES = ("published_at", "published_source", "published_precision")


def ingest(folder: Path, run_id: str, date_from: str) -> list[dict[str, object]]:
    """The articles after a run over the texts of a folder."""
    given = [
        "--input",
        f"{folder}/*.txt",
        "--output",
        str(folder / "out"),
        "--run_id",
        run_id,
        "--date_from",
        date_from,
    ]
    assert main(["ingest", *given, "--as_of", "2025-03-24T12:00:00Z"]) == 0
    return rows_of(str(folder / "out"), "articles")


def test_a_run_dates_texts_and_a_touch_adds_no_row(tmp_path: Path) -> None:
    dated, undated = tmp_path / "ferry.txt", tmp_path / "talks.txt"
    dated.write_text("Ferry sails\n\nPublished: 19 March 2025\n\nThe ferry to the islands sails again.")
    undated.write_text("Talks begin\n\nThe neighbours met by the river to talk about the bridge.")
    os.utime(undated, (0, 1_742_652_300))
    first = ingest(tmp_path, "first", "modified")
    found = {row["title"]: [str(row[name]) for name in DATES] for row in first}
    assert found["Talks begin"] == ["2025-03-22 14:05:00+00:00", "modified", "second"]
    assert found["Ferry sails"] == ["2025-03-19 00:00:00+00:00", "header", "day"]
    os.utime(undated, (0, 1_742_700_000))
    assert ingest(tmp_path, "second", "modified") == first


def test_files_are_dated_by_their_names(tmp_path: Path) -> None:
    for name in ("talks-2025-03-22.txt", "talks.txt"):
        (tmp_path / name).write_text("Talks")
    parts = match_ranges([f"{tmp_path}/*.txt"], DEFAULT_LIMITS, "name")
    assert [(part.dated, part.dated_by) for part in parts] == [(DAY, "name"), ("", "")]


def test_a_name_with_brackets_has_a_time_too(tmp_path: Path) -> None:
    path = tmp_path / "talks[1].txt"
    path.write_text("Talks")
    os.utime(path, (0, 1_742_652_300))
    (part,) = match_ranges([str(path)], DEFAULT_LIMITS, "modified")
    assert (part.dated, part.dated_by) == ("2025-03-22T14:05:00Z", "modified")


def test_another_source_of_dates_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ingest", "--input", "x", "--output", "y", "--date_from", "stars"])
    assert stopped.value.code == 2
    assert "stars" in capsys.readouterr().err
