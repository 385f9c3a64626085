"""dateline forget: what was asked for leaves every byte of a dataset, all else stays, and nothing of it comes back."""

import json
import shlex
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.check import check_dataset, repair_dataset
from pipelines.command import main
from pipelines.options import IngestOptions
from pipelines.run_stream import prepare
from schemas.errors import Overlapped, UsageError
from schemas.forgotten import FORGOTTEN
from schemas.keys import DATASET_TABLES
from schemas.tables import STORY_JOINS
from tests.damages import without
from tests.dataset import rows
from tests.every_byte import holds
from tests.make import READ_AT, article, micros, story
from tests.runs import exit_code, ingest_articles, rows_of, settle_articles, started
from tests.small_dataset import edited, ingest, make_dataset, make_inputs
from transforms.compact import EVERYTHING, compact
from transforms.compact.join import join_all
from transforms.compact.plan import plan_joins
from transforms.compact.swap import swap
from transforms.deduplicate.keys import DAY
from transforms.deduplicate.stored.merge_joins import merge_joins
from transforms.forget.forget import forget
from transforms.forget.selection import Selection
from transforms.ledger import OUTCOMES
from transforms.write.commit import commit
from transforms.write.staging import begin
from transforms.write.write_table import write_file

NOTE = story(40)
DAY_OF_MOST = micros("2025-03-22") // DAY


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.getbasetemp())


@pytest.fixture
def output(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_inputs(tmp_path_factory.getbasetemp())


def id_of_note(output: Path) -> str:
    return next(row["article_id"] for row in rows_of(str(output), "articles") if not row["url"])


def problems(output: Path | str) -> list[Any]:
    return check_dataset(str(output)).damage


def texts_left(output: Path) -> set[str]:
    return {row["body"] or row["description"] for row in rows_of(str(output), "articles")}


# What is asked for, what must be gone, and how many rows of articles and of sightings are left of 9 and 12.
CASES = {
    "an article with versions, a return and a copy": (
        ["--url", "http://a.example/1/?utm_source=x"],
        ["a.example/1", "Story 1 of", story(1), story(11)],
        (7, 9),
    ),
    "an article and its near-duplicate elsewhere": (
        ["--url", "https://b.example/2"],
        ["b.example/2", "a.example/2", edited(story(2))],
        (8, 10),
    ),
    "a copy of an article that stays": (["--url", "https://b.example/3"], ["b.example/3"], (9, 11)),
    "two articles": (
        ["--url", "https://a.example/5", "--url", "https://a.example/6"],
        ["a.example/5", "a.example/6", story(5), story(6)],
        (7, 10),
    ),
    "an id": (["--id", "NOTE"], ["A note from", NOTE], (8, 11)),
    "a source": (["--source", "https://b.example/feed"], ["b.example", edited(story(2))], (8, 8)),
    "all before a day": (["--before", "2025-03-22"], ["a.example", "b.example", story(7)], (1, 1)),
}


@pytest.mark.parametrize(("asked", "gone", "left"), CASES.values(), ids=CASES)
def test_what_is_forgotten_leaves_every_byte(
    output: Path, asked: list[str], gone: list[str], left: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [id_of_note(output) if value == "NOTE" else value for value in asked]
    before = {path: path.stat().st_mtime_ns for path in output.rglob("part-*")}
    assert all(holds(output, text) for text in gone)
    assert main(["forget", str(output), *asked, "--dry_run"]) == 0
    would = capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in output.rglob("part-*")} == before

    assert main(["forget", str(output), *asked]) == 0
    done = capsys.readouterr().out
    assert would.startswith(done.replace("Forgot", "Would forget"))
    assert [name for text in gone for name in holds(output, text)] == []
    assert tuple(len(rows_of(str(output), name)) for name in ("articles", "sightings")) == left
    assert problems(output) == []

    assert main(["forget", str(output), *asked]) == 0
    assert capsys.readouterr().out == "Nothing to forget\n"


def test_what_was_forgotten_does_not_come_back(output: Path, inputs: Path) -> None:
    """Not by a second reading, a repair, a compaction, nor when its text is carried elsewhere."""
    for name in ("an article with versions, a return and a copy", "an article and its near-duplicate elsewhere"):
        main(["forget", str(output), *CASES[name][0]])
    main(["forget", str(output), "--id", id_of_note(output)])
    without("_keys/exact/*.parquet")(output)
    assert repair_dataset(str(output), READ_AT + DAY)
    compact(str(output), EVERYTHING, READ_AT + DAY)
    before = texts_left(output)
    for number, run in enumerate(("1", "2")):
        counts = ingest(output, inputs / run / "*", f"r{number + 6}")
        assert counts["reads"] == sum(counts[outcome] for outcome in OUTCOMES)
        assert counts["forgotten"] == (5, 1)[number]
    gone = [story(1), story(11), story(2), edited(story(2)), "A note from", "a.example/1", "b.example/2", NOTE]
    assert [name for text in gone for name in holds(output, text)] == []
    assert texts_left(output) == before
    assert problems(output) == []


def test_others_may_carry_what_a_forgotten_source_brought(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    first = article(source="s", url="https://q.example/1")
    ingest_articles(output, "r1", [first], settle_articles)
    ingest_articles(output, "r2", [replace(first, source="q")], settle_articles)
    forget(output, Selection(sources=("s",)), READ_AT)
    assert rows_of(output, "articles") == rows_of(output, "sightings") == []
    again = [replace(first, source="q"), first, replace(first, url="https://q.example/2", body=story(2))]
    counts = ingest_articles(output, "r3", again, settle_articles)["counts"]
    assert (counts["new_articles"], counts["repeats"], counts["forgotten"]) == (1, 2, 2)
    assert [row["source"] for row in rows_of(output, "articles")] == ["q"]
    assert problems(output) == []


DAYS = ("2025-03-10", "2025-03-11", "2025-03-20")
OLD = [article(url=f"https://a.example/{n}", published_at=micros(day), body=story(n)) for n, day in enumerate(DAYS)]
RETURNS = {
    "as it was": (OLD[0], True),
    "under another date": (replace(OLD[0], published_at=micros("2025-03-21")), True),
    "the text alone, elsewhere": (
        replace(OLD[0], url="https://b.example/1", source="b", published_at=micros("2025-03-21")),
        False,
    ),
    "an old one that was never read": (
        article(url="https://a.example/9", body=story(9), published_at=micros("2025-03-01")),
        True,
    ),
    "a new one": (article(url="https://a.example/9", body=story(9)), False),
    "one that stays, under an old date": (replace(OLD[2], published_at=micros("2025-03-01")), False),
}


@pytest.mark.parametrize(("returning", "is_held"), RETURNS.values(), ids=RETURNS)
def test_what_is_too_old_stays_away(tmp_path: Path, returning: Any, is_held: bool) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", OLD, settle_articles)
    done = forget(output, Selection(before=micros("2025-03-20") // DAY), READ_AT)
    assert (done.articles, len(rows_of(output, "articles"))) == (2, 1)
    counts = ingest_articles(output, "r2", [returning], settle_articles)["counts"]
    assert counts["forgotten"] == is_held
    assert sum(counts.get(outcome, 0) for outcome in OUTCOMES) == 1
    assert problems(output) == []


def test_all_of_it_only_when_asked_to(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", str(output), "--before", "0d", "--dry_run"]) == 0
    assert main(["forget", str(output), "--before", "0d"]) == 2
    assert "8 articles in 105 rows; give --everything" in capsys.readouterr().err
    assert len(rows_of(str(output), "articles")) == 9
    assert main(["forget", str(output), "--before", "0d", "--everything"]) == 0
    assert rows_of(str(output), "articles") == []
    assert main(["forget", str(output), "--url", "https://a.example/1", "--everything"]) == 2


def test_a_copy_may_say_that_it_is_of_an_article_that_is_gone(tmp_path: Path) -> None:
    """Near-duplicates that were kept have ids of their own, and stay in their story."""
    output, words = str(tmp_path / "out"), story(1, 200)
    near = replace(article(body=words), url="https://b.example/1", body=edited(words), source="b")
    ingest_articles(output, "r1", [article(body=words)], settle_articles, keep=True)
    ingest_articles(output, "r2", [near], settle_articles, keep=True)
    (first,) = (row["article_id"] for row in rows_of(output, "articles") if not row["duplicate_of"])
    forget(output, Selection(ids=(int(first, 16),)), READ_AT)
    (row,) = rows_of(output, "articles")
    assert (row["duplicate_of"], row["story_id"], row["article_id"] == first) == (first, first, False)
    assert problems(output) == []


def test_joins_of_stories_stay_as_long_as_they_lead_somewhere(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    articles = [article(url=f"https://a.example/{n}", body=story(n)) for n in (1, 2)]
    ingest_articles(output, "r1", articles, settle_articles)
    first, second = (row["article_id"] for row in rows_of(output, "articles"))
    joins = [(first, "f" * 16), ("f" * 16, second), ("e" * 16, first)]
    with begin(output, "r2", READ_AT) as run:
        told = [{"story_id": story_id, "joined_to": into, "article_id": first} for story_id, into in joins]
        write_file(STORY_JOINS, ("", 0, 0), rows(STORY_JOINS, told), run)
        commit(run, DATASET_TABLES, {"run_id": "r2"}, [merge_joins])

    def left() -> set[tuple[str, str]]:
        return {(row["story_id"], row["joined_to"]) for row in rows_of(output, "story_joins")}

    forget(output, Selection(ids=(int(second, 16),)), READ_AT)
    assert left() == set(joins[:2])
    forget(output, Selection(ids=(int(first, 16),)), READ_AT)
    assert left() == set()


def test_a_run_that_began_before_is_run_again(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", [article()], settle_articles)
    other = article(url="https://b.example/1", body=story(2))
    with started(output, "r2", [other], settle_articles) as finish:
        forget(output, Selection(urls=("https://b.example/1",)), READ_AT)
        with pytest.raises(Overlapped):
            finish()
    assert ingest_articles(output, "r3", [other], settle_articles)["counts"]["forgotten"] == 1
    assert holds(output, story(2)) == []


def test_a_compaction_that_began_before_brings_nothing_back(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    for number in range(3):
        fresh = article(url=f"https://a.example/{number}", body=story(number))
        ingest_articles(output, f"r{number}", [fresh], settle_articles)
    with begin(output, "c1", READ_AT) as run:
        joined = join_all(plan_joins(output, DATASET_TABLES, EVERYTHING), run)
        forget(output, Selection(urls=("https://a.example/1",)), READ_AT)
        commit(run, DATASET_TABLES, {"run_id": "c1"}, [partial(swap, joined=joined)], own_rows=False)
    assert holds(output, story(1)) == holds(output, "a.example/1") == []
    assert len(rows_of(output, "articles")) == len(rows_of(output, "sightings")) == 2


def test_rejects_go_by_what_they_speak_of(output: Path, inputs: Path) -> None:
    (reject,) = rows_of(str(output), "rejects")
    assert forget(str(output), Selection(urls=("https://a.example/1",)), READ_AT).rows["rejects"] == 0
    main(["forget", str(output), "--source", reject["source"]])
    assert rows_of(str(output), "rejects") == []
    assert holds(output, "bad.xml") == []
    counts = ingest(output, inputs / "1" / "bad.xml", "r6")
    assert (counts["reads"], counts["rejects"], rows_of(str(output), "rejects")) == (1, 1, [])


def test_a_source_is_named_nowhere_else(output: Path) -> None:
    manifest, source = output / "_manifests/r1.json", "https://b.example/feed"
    told = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(told | {"inputs": [{"feed": source}, {"feed": f"{source}2"}]}))
    assert forget(str(output), Selection(sources=(source,)), READ_AT).manifests == 1
    inputs = json.loads(manifest.read_bytes())["inputs"]
    assert inputs == [{"feed": "forgotten"}, {"feed": f"{source}2"}]
    assert holds(output, source) == ["_manifests/r1.json"]  # in the name of the other feed
    assert forget(str(output), Selection(sources=(source,)), READ_AT + 1).is_nothing
    assert problems(output) == []


def test_where_all_feeds_are_forgotten_nothing_runs(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "https://b.example/feed"
    main(["forget", str(output), "--source", source])
    assert main(["ingest", "--feeds", source, "--output", str(output)]) == 2
    assert "all feeds given have been forgotten" in capsys.readouterr().err
    with pytest.raises(UsageError, match="all feeds given have been forgotten"):
        prepare(IngestOptions([], [source], str(output), "s", READ_AT), "s")


def test_what_a_repair_moved_aside_goes_too(output: Path) -> None:
    for number, path in enumerate(sorted(output.glob("articles/*/*.parquet"))):
        aside = output / f"_quarantine/c1/articles/date=2025-03-2{number}/{path.name}"
        aside.parent.mkdir(parents=True)
        shutil.copy(path, aside)
    (aside.parent / "cut.parquet").write_bytes(path.read_bytes()[:-9])
    assert forget(str(output), Selection(urls=("https://a.example/1",)), READ_AT).quarantined >= 2
    assert holds(output, story(1)) == holds(output, "a.example/1") == []
    assert list(output.rglob("cut.parquet")) == []
    assert forget(str(output), Selection(before=DAY_OF_MOST), READ_AT).quarantined <= 1


REFUSED = {
    "nothing": [],
    "two kinds": ["--url", "https://a.example/1", "--before", "2025-01-01"],
    "no URL": ["--url", "a story"],
    "no id": ["--id", "xyz"],
    "a day to come": ["--before", "2999-01-01"],
    "no day": ["--before", "long ago"],
}


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
def test_refused(made: Path, asked: list[str]) -> None:
    assert exit_code(["forget", str(made), *asked]) == 2


def test_no_dataset_is_made(tmp_path: Path) -> None:
    assert exit_code(["forget", str(tmp_path / "none"), "--before", "2020-01-01"]) == 2
    assert not (tmp_path / "none").exists()


def test_without_the_hashes_nothing_runs(output: Path, inputs: Path) -> None:
    """They cannot be made anew, so it must be noticed."""
    main(["forget", str(output), "--url", "https://a.example/1"])
    without(f"{FORGOTTEN.name}/*.parquet")(output)
    assert main(["ingest", "--output", str(output), "--input", str(inputs / "1" / "a.xml")]) == 1
    assert any("what was forgotten" in problem.repair for problem in problems(output))


def test_many_small_files_of_hashes_are_joined(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", [article()], settle_articles)
    for number in range(14):
        forget(output, Selection(urls=(f"https://c.example/{number}",)), READ_AT)
    assert len(rows_of(output, FORGOTTEN.name)) == 14
    assert len(list((tmp_path / "out" / FORGOTTEN.name).iterdir())) < 14
    assert forget(output, Selection(urls=("https://c.example/3",)), READ_AT).is_nothing


PAGE = (Path(__file__).parents[1] / "docs/operators.md").read_text().partition("## Forgetting")[2].partition("\n## ")[0]


def test_the_page_for_operators_shows_commands_that_run(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = PAGE.partition("```sh\n")[2].partition("```")[0].splitlines()
    nightly = PAGE.partition("15 3 * * * ")[2].partition("`")[0].replace("/srv/news", "out")
    for line in [*shown, nightly]:
        command, *arguments = shlex.split(line)
        assert command == "dateline"
        old = ["--everything"] if "--before" in arguments else []  # as the whole dataset is by now
        assert main([str(output) if argument == "out" else argument for argument in arguments] + old) == 0
    assert "Would forget" in capsys.readouterr().out
    assert rows_of(str(output), "articles") == []
