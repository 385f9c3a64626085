"""Pipelines in YAML, run by Beam's own runner of them."""

import inspect
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from apache_beam.yaml.main import run

import pipelines.beam_yaml
from pipelines.command import main
from tests.dataset import add_articles
from tests.feed_server import FeedServer, serving
from tests.make import story
from tests.runs import rows_of
from transforms.ledger import OUTCOMES

HERE = Path(__file__).parents[1] / "deploy/beam_yaml"
PAGE = (HERE.parents[1] / "docs/beam_yaml.md").read_text()
ITEMS = [
    f"<item><title>The port</title><guid>1</guid><description>{story(1)}</description></item>",
    "<item><title>Brief</title><guid>2</guid><link>https://a.example/2</link></item>",
    "<item><guid>3</guid><link>https://a.example/3</link></item>",
]
FEED = f'<rss version="2.0"><channel><title>A</title>{"".join(ITEMS)}</channel></rss>'.encode()


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages = {
            "/a": lambda call: call.answer(200, FEED, ETag='"1"'),
            "/b": lambda call: call.answer(200, b"<html><p>Please sign in"),
        }
        yield running


def shown_arguments(given: dict[str, Any]) -> list[str]:
    """The arguments of the command that the page shows, with values of a test's own."""
    (command,) = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    _, _, _, file, variables = shlex.split(command.replace("\\\n", ""))
    name, _, shown = variables.partition("=")
    return [file.replace("deploy/beam_yaml", str(HERE)), f"{name}={json.dumps(json.loads(shown) | given)}"]


def manifests(output: Path) -> list[dict[str, Any]]:
    found = [json.loads(path.read_bytes()) for path in output.glob("_manifests/*.json")]
    return sorted(found, key=lambda manifest: str(manifest["ingested_at"]))


def test_feeds_to_a_dataset_and_rejects_to_a_list(server: FeedServer, tmp_path: Path) -> None:
    output, listed = tmp_path / "out", tmp_path / "rejects.tsv"
    (tmp_path / "feeds.txt").write_text(f"{server.url('/a')}\n{server.url('/b')}\n")
    arguments = shown_arguments(
        {"feeds": f"{tmp_path}/feeds.txt", "output": str(output), "rejects": str(listed), "allow_private": True}
    )
    run(arguments)

    (row,) = rows_of(str(output), "articles", ())
    assert (row["title"], row["source"], len(row["signature"])) == ("The port", server.url("/a"), 128)
    rejects = rows_of(str(output), "rejects", ())
    assert sorted(reject["reason"] for reject in rejects) == ["EmptyArticle", "NotAFeed"]
    lines = [line.split("\t") for path in tmp_path.glob("rejects.tsv*") for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted(
        [reject[name] for name in ("stage", "reason", "source", "detail")] for reject in rejects
    )
    (manifest,) = manifests(output)
    counts = manifest["counts"]
    assert counts["reads"] == sum(counts[name] for name in OUTCOMES) == 3
    assert len(rows_of(str(output), "feeds", ())) == 2
    assert main(["check", str(output)]) == 0


def test_a_forgotten_feed_is_not_read(tmp_path: Path) -> None:
    output, feeds = str(tmp_path / "out"), ["https://a.example/rss", "https://b.example/rss"]
    add_articles(output, "r1", range(2))
    assert main(["forget", output, "--source", feeds[0]]) == 0
    assert [feed.url for feed in pipelines.beam_yaml.ReadFeeds(feeds, output)._feeds] == feeds[1:]


def test_texts_run_twice_add_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"The port\n\n{story(1)}")
    output = tmp_path / "out"
    errors = {"error_handling": {"output": "rejects"}}
    transforms = [
        {"type": "ReadTexts", "config": {"inputs": [f"{tmp_path}/*.txt"]}},
        {"type": "ParseDocuments", "input": "ReadTexts", "config": errors},
        {"type": "CleanEntries", "input": "ParseDocuments", "config": errors},
        {"type": "Flatten", "input": ["ParseDocuments.rejects", "CleanEntries.rejects"]},
        {"type": "WriteDataset", "input": {"articles": "CleanEntries", "rejects": "Flatten"}},
    ]
    transforms[-1]["config"] = {"output": str(output)}
    spec = {"pipeline": {"transforms": transforms}, "providers": [{"include": f"{HERE}/dateline.yaml"}]}
    for _ in range(2):
        run([f"--yaml_pipeline={json.dumps(spec)}"])
    assert len(rows_of(str(output), "articles", ())) == 1
    assert [manifest["counts"]["repeats"] for manifest in manifests(output)] == [0, 1]


def test_the_provider_and_the_page_list_every_transform() -> None:
    (provider,) = yaml.safe_load((HERE / "dateline.yaml").read_text())
    made = vars(pipelines.beam_yaml).items()
    public = {name: found for name, found in made if f"class {name}(" in inspect.getsource(pipelines.beam_yaml)}
    public = {name: found for name, found in public.items() if not name.startswith("_")}
    assert provider["transforms"] == {name: f"pipelines.beam_yaml.{name}" for name in public}
    table = dict(re.findall(r"^\| `(\w+)` .*\| ([^|]*) \|$", PAGE, re.M))
    for name, transform in public.items():
        assert re.findall(r"`(\w+)`", table[name]) == [*inspect.signature(transform.__init__).parameters][1:]
