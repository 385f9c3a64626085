"""A small dataset of three runs that has something of everything: versions, a return, copies, a reject."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.command import main
from schemas.tables import TABLES
from tests.make import story
from tests.runs import rows_of

ITEM = """<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>
<pubDate>Fri, 21 Mar 2025 {hour:02}:00:00 GMT</pubDate><description>{text}</description></item>"""
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>News</title><link>https://{host}/</link><atom:link rel="self" href="https://{host}/feed"/>{items}</channel></rss>"""


def item(number: int, text: str = "", link: str = "", guid: str = "") -> str:
    title, link, guid = f"Story {number} of the day", link or f"https://a.example/{number}", guid or f"g{number}"
    return ITEM.format(title=title, link=link, guid=guid, hour=number, text=text or story(number))


def edited(text: str) -> str:
    words = text.split()
    return " ".join([*words[:-3], "and", "so", "on"])


# One folder is the input of one run. The second gives item 1 another text, the third the first one again.
RUNS = {
    "1": {
        "a.xml": FEED.format(host="a.example", items="".join(item(n) for n in range(1, 7))),
        "b.xml": FEED.format(
            host="b.example",
            items=item(1)
            + item(2, edited(story(2)), "https://b.example/2", "b2")
            + item(3, story(3), "https://b.example/3", "b3"),
        ),
        "note.txt": "A note from the harbour\n\n" + story(40),
        "bad.xml": "<rss><channel><item><title>cut",
    },
    "2": {"a.xml": FEED.format(host="a.example", items=item(1, story(11)) + item(7))},
    "3": {"a.xml": FEED.format(host="a.example", items=item(1))},
}
LATER = {
    "a.xml": FEED.format(host="a.example", items=item(1, story(21)) + item(8) + item(2)),
    "c.xml": FEED.format(host="c.example", items=item(9, story(4), "https://c.example/9", "c9")),
}

CHANGING = ("run_id", "ingested_at")


def run_ingest(output: str, inputs: Path, run_id: str) -> None:
    clock = f"2025-03-22T12:0{run_id[-1]}:00Z"
    given = ["--input", str(inputs), "--as_of", clock, "--run_id", run_id, "--compact", "never"]
    assert main(["ingest", "--output", output, *given]) == 0


def ingest(output: Path, inputs: Path, run_id: str) -> dict[str, int]:
    """What the run counted."""
    run_ingest(str(output), inputs, run_id)
    return json.loads((output / f"_manifests/{run_id}.json").read_bytes())["counts"]  # type: ignore[no-any-return]


@cache
def make_inputs(base: Path) -> Path:
    """The folder with one of each run, and `later` for one more; made once for a session's folder of all tests."""
    folder = base / "small_inputs"
    folder.mkdir()
    for run, texts in (RUNS | {"later": LATER}).items():
        (folder / run).mkdir()
        for name, text in texts.items():
            (folder / run / name).write_text(text)
    return folder


@cache
def make_dataset(base: Path) -> Path:
    """The dataset, made once; nobody may change it."""
    output = base / "small_dataset"
    for run in RUNS:
        ingest(output, make_inputs(base) / run / "*", f"r{run}")
    return output


def tables(output: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows that people read, but for when and by which run."""
    stored = [table.name for table in TABLES if list(output.glob(f"{table.name}/**/*.parquet"))]
    return {name: rows_of(str(output), name, CHANGING) for name in stored}
