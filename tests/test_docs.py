"""Pages say what the code says: columns, commands, outputs and queries."""

import contextlib
import io
import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.command import main, make_parser
from pipelines.options import read_options
from schemas.columns_page import columns_page
from schemas.keys import RELATIONS
from tests.feed_server import Call, serving

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str, page: str = README) -> list[str]:
    """A page's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)


def arguments(command: str) -> list[str]:
    """What a command gives to the program."""
    script, *given = shlex.split(command)
    return given if script == ".venv/bin/dateline" else ["ingest", *given]


STARTS = ("./run_local.sh ", ".venv/bin/dateline ")
SAYS = {  # by command
    "ingest": "Read ", "reclean": "Read ", "check": "is sound", "compact": "ompact", "retag": "etag",
    "explain": "medtop:", "feeds": "feed", "report": "report.html", "replay": "eject", "forget": "forg",
    "iceberg": "ceberg",
}  # fmt: skip
SHOWN = [line for block in blocks("sh") for line in block.splitlines() if line.startswith(STARTS)]
ENDLESS = [line for line in SHOWN if " --streaming " in line]
COMMANDS = [line for line in SHOWN if line not in ENDLESS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the README's commands read; a feed has been kept in `news`."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "examples").symlink_to(ROOT / "examples")
    for name in ("feeds/a.xml", "texts/a.txt", "archive/a.jsonl.gz", "talks/2025/03/22/a.txt"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text('{"title": "A title", "body": "One sentence of text."}\n')
    (folder / "feeds.txt").write_text("http://127.0.0.1:9/feed.xml\n")
    with serving() as server:
        server.pages["/feed"] = Call.answer
        keep = ["--feeds", server.url("/feed"), "--keep_raw", "--allow_private", "--output", "news"]
        run(folder, ["ingest", *keep])
    return folder


@pytest.fixture(scope="module")
def example_output(folder: Path) -> str:
    """What run_local.sh without arguments prints, made with the arguments it sets."""
    (line,) = re.findall(r"set -- (.*?--as_of \S+)", (ROOT / "run_local.sh").read_text(), re.S)
    return run(folder, ["ingest", *shlex.split(line.replace("\\\n", " "))])


def run(folder: Path, given: list[str], codes: tuple[int, ...] = (0,)) -> str:
    """The output of a command in a folder; it must end with one of the exit codes."""
    output = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(output):
        assert main(given) in codes
    return output.getvalue()


def without_run_id(text: str) -> str:
    """The text with the random part of the run id left out."""
    return re.sub(r"run \S+", "run", text).strip()


def test_the_output_shown_is_the_real_one(example_output: str) -> None:
    (shown,) = blocks("text")
    assert without_run_id(shown) == without_run_id(example_output)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, folder: Path) -> None:
    given = arguments(command)
    codes = (0, 3) if "--feeds" in given else (0,)  # no server is behind the feed, and it is asked once
    assert SAYS[given[0]] in run(folder, given, codes)


@pytest.mark.parametrize("command", ENDLESS)
def test_commands_without_end_are_understood(command: str) -> None:
    assert read_options(*make_parser().parse_known_args(arguments(command))).streaming


@pytest.mark.parametrize("query", blocks("sql"))
@pytest.mark.usefixtures("example_output")
def test_queries_run(query: str, folder: Path) -> None:
    with contextlib.chdir(folder):
        duckdb.execute((ROOT / "docs/views.sql").read_text())
        assert duckdb.sql(query).fetchall()


@pytest.mark.usefixtures("example_output")
def test_the_python_shown_reads_dates(folder: Path) -> None:
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    with contextlib.chdir(folder):
        exec(code, names)
    assert str(names["articles"].schema.field("date").type) == "date32[day]"


def test_the_page_for_analysts_names_every_relation() -> None:
    table = (ROOT / "docs/analysts.md").read_text().partition("## Sightings")[2].partition("## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.M)) == sorted(RELATIONS)


def test_columns_page_is_current() -> None:
    assert (ROOT / "docs/columns.md").read_text() == columns_page()


def test_links_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_contributing_lists_every_benchmark() -> None:
    modules = [path.relative_to(ROOT).with_suffix("") for path in ROOT.glob("benchmarks/**/*.py")]
    texts = [(ROOT / module).with_suffix(".py").read_text() for module in modules]
    commands = {Path(name.replace(".", "/")) for text in texts for name in re.findall(r"-m (benchmarks[\w.]+)", text)}
    page = (ROOT / "CONTRIBUTING.md").read_text().partition("## Benchmarks")[2].partition("## Dependencies")[0]
    assert commands <= set(modules)
    assert {command.name for command in commands} <= set(re.findall(r"[`.](\w+)[` ]", page))
    assert set(re.findall(r"`(\w+)`", page)) <= {module.name for module in modules}
