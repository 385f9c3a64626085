"""What a report counts."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.tables import ARTICLES, SIGHTINGS
from tests import report_dataset, small_dataset
from tests.dataset import rows
from transforms.report import Findings, gather_findings
from transforms.report.current import Returns, find_current
from transforms.report.stories import CarriedStories, find_stories
from transforms.report.tally import Tally


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    output = str(tmp_path_factory.mktemp("report") / "dataset")
    report_dataset.make_dataset(output)
    return gather_findings(output)


def test_each_article_counts_once_as_it_is_now(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = gather_findings(str(small_dataset.make_dataset(tmp_path_factory.getbasetemp())))
    assert (found.articles.rows, found.articles.articles) == (9, 8)  # item 1 has two texts
    assert found.sightings.relations.sums("relation") == {
        "original": 8, "near_duplicate": 1, "reverted": 1, "same_text": 1, "same_url": 1,
    }  # fmt: skip
    assert found.sightings.copies.total == 3
    assert found.rejects.reasons.most() == [("parse", "Malformed", 1)]
    assert found.stories.several == 3


# Each: article, content, ingested_at, version; then what was gone back to: article, content, ingested_at.
A, B = f"{1:016x}", f"{2:016x}"


@pytest.mark.parametrize(
    ("texts", "returned", "current"),
    [
        pytest.param([(A, "1", 1, 1), (B, "2", 1, 1)], [], [True, True], id="two-articles"),
        pytest.param([(A, "1", 1, 1), (A, "3", 2, 2)], [], [False, True], id="newest-version"),
        pytest.param([(A, "3", 2, 2), (A, "1", 1, 1)], [], [True, False], id="in-another-order"),
        pytest.param([(A, "1", 1, 1), (A, "3", 2, 2)], [(A, "1", 3)], [True, False], id="went-back"),
        pytest.param(
            [(A, "1", 1, 1), (A, "3", 2, 2), (A, "4", 4, 3)], [(A, "1", 3)], [False, False, True], id="and-on"
        ),
        pytest.param([(A, "1", 1, 1), (A, "1", 1, 1)], [], [True, False], id="met-twice-while-files-are-joined"),
        pytest.param([(A, "1", 1, 1)], [(B, "1", 3)], [True], id="another-went-back"),
    ],
)
def test_current(
    texts: list[tuple[str, str, int, int]], returned: list[tuple[str, str, int]], current: list[bool]
) -> None:
    names = ("article_id", "content_hash", "ingested_at", "version")
    given = [dict(zip(names, (i, f"{c:0>16}", at, v), strict=True)) for i, c, at, v in texts]
    backs = [dict(zip(names, (i, f"{c:0>16}", at), strict=False)) | {"relation": "reverted"} for i, c, at in returned]
    returns = Returns()
    returns.add(rows(SIGHTINGS, backs, leave_out=()))
    assert find_current(rows(ARTICLES, given, leave_out=()), returns.all()).tolist() == current


def test_gaps(found: Findings) -> None:
    gaps = found.articles.gaps.sums("gap")
    undated = sum(number % 3 == 0 for day in range(3) for number in range(day * 100 + 1, day * 100 + 9))
    assert gaps == {"summary_only": 12, "no_date": undated, "undated": undated}


def test_cells_add_up_to_the_articles(found: Findings) -> None:
    cells = found.articles.cells
    assert cells["articles"].sum() == found.articles.articles == 24
    assert len(np.unique(cells["day"])) == 3
    assert len(found.articles.sources.list()) == 8


def test_story_has_each_outlet_once_in_order_with_what_was_joined(found: Findings) -> None:
    assert found.stories.several == 1
    (story,) = found.stories.listed
    outlets = [(carrier.outlet, carrier.relation) for carrier in story.carriers]
    assert outlets == [
        (report_dataset.HOSTILE[0], "original"),
        ("soon.example", "near_duplicate"),
        ("late.example", "same_text"),
        (report_dataset.HOSTILE[1], "original"),  # the article of the story that has joined
    ]
    assert [carrier.at - story.carriers[0].at for carrier in story.carriers[1:3]] == [
        timedelta(hours=1),
        timedelta(hours=30),
    ]
    assert story.articles == 3


def test_nothing_carried_is_no_story(tmp_path: Path) -> None:
    nothing = gather_findings(str(tmp_path))
    assert find_stories(str(tmp_path), nothing.sightings.carried, nothing.articles.members) == CarriedStories(0, ())


def test_idle_feeds(found: Findings) -> None:
    assert found.feeds.feeds == 3
    assert [(feed.url[:14], feed.failures) for feed in found.feeds.idle] == [
        ("<script>docume", 9),
        ("https://silent", 0),
    ]


def test_tally_keeps_the_most_frequent() -> None:
    tally = Tally("letter", limit=3)
    for letters in ("aab", "aacb", "defghijk", "ab"):
        tally.add(pa.array(list(letters)))
    assert len(tally) == 3
    assert tally.most(2) == [("a", 5), ("b", 3)]


def test_tally_of_two_columns() -> None:
    tally = Tally("type", "name")
    tally.add(pa.array(["x", "y", "x"]), pa.array(["1", "1", "2"]))
    assert tally.most(type="x") == [("x", "1", 1), ("x", "2", 1)]
    assert tally.sums("name") == {"1": 2, "2": 1}
    assert tally.total == 3
