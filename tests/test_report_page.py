"""The page of `dateline report`, as text; test_report_browser opens it."""

import base64
import hashlib
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.command import main
from pipelines.report.page import render_page
from pipelines.report.safe_text import readable, short_name, web_link
from pipelines.report.time_bins import make_bins
from pipelines.report.words import delay_name, share_of
from tests.dataset import add_articles
from tests.report_dataset import make_dataset
from transforms.report import gather_findings


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    make_dataset(f"{folder}/dataset")
    assert main(["report", f"{folder}/dataset"]) == 0
    return (folder / "dataset-report.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """The tags of a page, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attributes]


def test_page_runs_and_asks_for_nothing(page: str) -> None:
    tags = Tags(page)
    assert not tags.names & {"script", "img", "iframe", "object", "form", "base"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("style", "src")]
    links = [value for name, value in tags.attributes if name == "href"]
    assert all(re.match(r"#[a-z]+$|https://[a-z]|data:,$", link) for link in links)
    assert ("rel", "noopener noreferrer") in tags.attributes


def test_policy_allows_the_one_style(page: str) -> None:
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page.replace("'", "&#39;")


def test_page_has_no_control_characters(page: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", page)


def test_each_chart_is_there_twice_and_as_a_table(page: str) -> None:
    assert page.count("<figure") == 4
    assert page.count('role="img"') == 8
    assert page.count("The same as a table") == 4


def test_dataset_of_nothing_but_rejects_has_a_page(tmp_path: Path) -> None:
    page = render_page(gather_findings(str(tmp_path)))
    assert "The dataset holds no articles yet." in page
    assert "<figure" not in page


def test_no_dataset_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", f"{tmp_path}/none"]) == 2
    assert "no dataset is here" in capsys.readouterr().err
    assert main(["report", "bucket://none/of/these"]) == 2
    assert "bucket://none/of/these: Unable to get filesystem" in capsys.readouterr().err


def test_a_folder_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_articles(f"{tmp_path}/out", "r1", range(2))
    assert main(["report", f"{tmp_path}/out", "--to", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("  a \n\t b ", "a b", id="one-line"),
        pytest.param("safe\u202etxt.exe", "safe txt.exe", id="right-to-left-override"),
        pytest.param("a\x1b[2Jb\x00\x9b", "a [2Jb", id="controls"),
        pytest.param("a\ud800b", "a b", id="lone-surrogate"),
        pytest.param("نیم\u200cفاصله", "نیم\u200cفاصله", id="joiner-of-persian-stays"),
        pytest.param("x" * 5_000, "x" * 299 + "…", id="long"),
    ],
)
def test_readable(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        pytest.param("https://a.example/x?a=1&b=2", True, id="https"),
        pytest.param("http://a.example", True, id="http"),
        pytest.param("javascript:alert(1)", False, id="javascript"),
        pytest.param("java\nscript:alert(1)", False, id="broken-javascript"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("//a.example/x", False, id="no-scheme"),
        pytest.param("https:///x", False, id="no-host"),
        pytest.param("https://[x", False, id="no-address"),
        pytest.param("https://a.example/\u202ex", False, id="override"),
        pytest.param(None, False, id="none"),
    ],
)
def test_web_link(url: str | None, is_link: bool) -> None:
    assert web_link(url) == (url if is_link else None)


def test_short_name_keeps_both_ends() -> None:
    assert short_name("https://www.a.example/feed/", 20) == "a.example/feed"
    assert short_name("folder/of/many/long/names.xml", 16) == "folder…names.xml"


TODAY = date(2025, 3, 24)


@pytest.mark.parametrize(
    ("days", "unit", "bars", "before"),
    [
        pytest.param({0: 5}, "day", 1, 0, id="one-day"),
        pytest.param({0: 1, 61: 1}, "day", 62, 0, id="two-months"),
        pytest.param({0: 1, 62: 1}, "week", 10, 0, id="weeks"),
        pytest.param({0: 1, 1000: 1}, "month", 34, 0, id="months"),
        pytest.param({0: 1, 9000: 1}, "year", 26, 0, id="years"),
        pytest.param({0: 500, 5: 480, 9000: 3, 4000: 4}, "day", 6, 7, id="few-old-ones-are-left-out"),
    ],
)
def test_bins(days: dict[int, int], unit: str, bars: int, before: int) -> None:
    counts = {TODAY - timedelta(days=ago): count for ago, count in days.items()}
    bins = make_bins(counts)
    assert (bins.unit, len(bins.starts), bins.before) == (unit, bars, before)
    assert sum(bins.sum(counts.items())) == sum(days.values()) - before


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "0%"), (0, 9, "0%"), (1, 1000, "<1%"), (999, 1000, ">99%"), (1, 3, "33%"), (3, 3, "100%")],
)
def test_share(part: int, whole: int, said: str) -> None:
    assert share_of(part, whole) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "at the same time"),
        (25, "+25 min"),
        (60, "+1 h"),
        (185, "+3 h 5 min"),
        (1440, "+1 day"),
        (3000, "+2 days 2 h"),
    ],
)
def test_delay(minutes: int, said: str) -> None:
    assert delay_name(timedelta(minutes=minutes)) == said
