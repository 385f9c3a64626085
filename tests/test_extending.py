"""The changes in docs/extending.md, applied to a copy of the tree, do what the page says."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/extending.md").read_text()
SOURCES = ("schemas", "transforms", "pipelines")
QUERIES = re.findall(r"^```sql\n(SELECT .*)\n((?:-- .*\n)+)```", PAGE, re.M)


def apply(diff: str, tree: Path) -> None:
    """Apply a unified diff whose hunks have no line numbers: what they change is found by its lines, once."""
    for _, target, hunks in re.findall(r"^--- (\S+)\n\+\+\+ b/(\S+)\n((?:[ @+-].*\n|\n)+?)(?=--- |\Z)", diff, re.M):
        path = tree / target
        text = path.read_text() if path.exists() else ""
        path.unlink(missing_ok=True)  # a link to the file itself
        for hunk in hunks.removeprefix("@@\n").split("\n@@\n"):
            lines = hunk.splitlines()
            before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
            after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
            assert text.count(before) == 1 or not text, f"{target}: {before}"
            text = text.replace(before, after, 1) if before else after
        path.write_text(text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples of the page have been read by a tree with all of its changes."""
    folder = tmp_path_factory.mktemp("extending")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / "tree" / name, copy_function=os.symlink)
    for diff in re.findall(r"^```diff\n(.*?)^```", PAGE, re.M | re.S):
        apply(diff, folder / "tree")
    for name, content in re.findall(r"^```\w+ (example/\S+)\n(.*?)^```", PAGE, re.M | re.S):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    given = ["--input", str(folder / "example/*"), "--output", str(folder / "out"), "--entities", "gazetteer"]
    run = [sys.executable, "-m", "pipelines.command", "ingest", *given]
    subprocess.run(run, cwd=folder / "tree", check=True, capture_output=True)
    return folder


def test_there_is_an_example_for_each_change() -> None:
    assert len(QUERIES) == PAGE.count("```diff") == PAGE.count("```sql") == 3


@pytest.mark.slow
@pytest.mark.parametrize(("query", "answer"), QUERIES, ids=["format", "column", "tag"])
def test_the_changes_do_what_the_page_says(folder: Path, query: str, answer: str) -> None:
    with contextlib.chdir(folder), duckdb.connect() as connection:
        rows = connection.execute("SET timezone = 'UTC'").execute(query).fetchall()
    assert [", ".join(map(str, row)) for row in rows] == answer.replace("-- ", "").splitlines()


def test_a_change_is_refused_where_the_code_is_another(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\n")
    with pytest.raises(AssertionError, match=r"a\.py: three"):
        apply("--- a/a.py\n+++ b/a.py\n@@\n three\n+four\n", tmp_path)
