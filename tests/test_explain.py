"""dateline explain: the words that spoke for the topics of an article."""

from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.command import main
from tests.tagging import SCHEMA
from transforms.tag.topics import load_topic_tagger
from transforms.tag.topics.explain import explain
from transforms.write.stored import list_files, read_stored

STORY = "Keeper saves two penalties in cup final\n\nThe striker scored the winning goal in stoppage time.\n"


def test_reasons_add_up_to_the_score() -> None:
    row = {"title": "Keeper saves two penalties", "body": "The striker scored.", "language": "en"}
    batch = pa.RecordBatch.from_pylist([row | {"categories": ["Cup", "Football"]}], SCHEMA)
    tagger = load_topic_tagger()
    (logits,) = tagger.judge(batch)
    topics = explain(batch, tagger)
    assert [(topic.id, topic.score) for topic in topics] == [
        (t["id"], t["score"]) for t in tagger.tag(batch)[0].as_py()
    ]
    for topic in topics:
        number = [known.id for known in tagger.topics].index(topic.id)
        assert topic.bias + sum(reason.logits for reason in topic.reasons) == pytest.approx(logits[number], abs=1e-3)
    assert "category Football" in [reason.what for reason in topics[0].reasons]


def test_a_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    assert main(["explain", "--text", str(tmp_path / "a.txt")]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0].endswith("sport  medtop:15000000")
    assert "penalties" in said
    assert "(before any word)" in said


def test_a_stored_article_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    out = str(tmp_path / "out")
    assert main(["ingest", "--input", str(tmp_path / "a.txt"), "--output", out]) == 0
    (path,) = list_files(out, "articles")
    row = read_stored(path).to_pylist()[0]
    capsys.readouterr()
    assert main(["explain", out, row["article_id"]]) == 0
    said = capsys.readouterr().out.splitlines()
    given = [f"{topic['score']:.2f}  {topic['name']}  {topic['id']}" for topic in row["topics"]]
    assert [line for line in said if not line.startswith(" ")] == given


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        pytest.param([], "give a dataset", id="nothing"),
        pytest.param(["out"], "give a dataset", id="no-article"),
        pytest.param(["out", "0123456789abcdef"], "no dataset", id="no-dataset"),
        pytest.param(["--text", "none.txt"], "none.txt", id="no-file"),
        pytest.param(["out", "0123456789abcdef", "--text", "none.txt"], "give a dataset", id="both"),
    ],
)
def test_what_cannot_be_explained(
    arguments: list[str],
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", *arguments]) == 2
    assert fault in capsys.readouterr().err


def test_an_empty_file_holds_no_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    assert main(["explain", "--text", str(tmp_path / "a.txt")]) == 2


def test_a_text_that_is_not_english_has_no_topics(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(
        "Der Torwart hielt zwei Elfmeter\n\nDas Finale endete gestern Abend mit einem Sieg.\n"
    )
    assert main(["explain", "--text", str(tmp_path / "a.txt")]) == 0
    assert "not English" in capsys.readouterr().out
