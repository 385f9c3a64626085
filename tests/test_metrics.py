"""What Prometheus is told of runs and streams, and that alerts ask for no more."""

import contextlib
import re
import shlex
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.command import main, make_parser
from pipelines.options import read_options
from pipelines.run_metrics import tell_run
from pipelines.stream_metrics import serve_metrics
from schemas.errors import UsageError
from tests.feed_server import Call, FeedServer, serving
from transforms.metrics.families import Dataset
from transforms.metrics.run_metrics import counted_families
from transforms.metrics.text_file import write_metrics
from transforms.stream.settings import StreamSettings
from transforms.stream.status import Committed, status_path, write_status

ROOT = Path(__file__).parent.parent
Told = dict[str, dict[str, float]]  # by name, and by the value of the label beside the dataset's


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        running.pages = {
            "/well": Call.answer,
            "/gone": lambda call: call.answer(410, b""),
            "/page": lambda call: call.answer(200, b"<!doctype html><title>Sorry</title><p>Please sign in."),
        }
        yield running


def told_by(text: str, output: str) -> Told:
    told: Told = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.labels.pop("dataset", None) == output:
                told.setdefault(sample.name.removeprefix("dateline_"), {})[",".join(sample.labels.values())] = (
                    sample.value
                )
    return told


def ingest(folder: Path, *arguments: str) -> tuple[int, Told]:
    path = folder / "dateline.prom"
    given = ["--output", str(folder / "out"), "--metrics", str(path), "--allow_private", *arguments]
    code = main(["ingest", *given])
    return code, told_by(path.read_text(), str(folder / "out"))


@pytest.fixture(scope="module")
def runs(server: FeedServer, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, Told]]:
    """A run, one that fails, and one of a run id that has committed."""
    folder = tmp_path_factory.mktemp("runs")
    feeds = [f"--feeds={server.url(path)}" for path in server.pages]
    return [
        ingest(folder, "--run_id=first", *feeds),
        ingest(folder, "--feeds=none.txt"),
        ingest(folder, "--run_id=first", *feeds),
    ]


def test_what_a_run_counted(runs: list[tuple[int, Told]]) -> None:
    code, told = runs[0]
    assert (code, told["run_success"], told["run_documents"], told["run_reads"]) == (3, {"": 1}, {"": 3}, {"": 3})
    assert told["run_entries"] == {"new_articles": 1, "rejects": 2, "new_versions": 0, "duplicates": 0, "repeats": 0}
    assert told["run_new_rejects"] == {"NotAFeed": 1, "FetchFailed": 1}
    assert told["run_feeds"] == {"changed": 2, "failed": 1, "unchanged": 0, "skipped": 0, "gone": 0}
    assert told["run_rows"].items() >= {"articles": 1, "rejects": 2, "feeds": 3}.items()
    assert told["run_bytes"]["articles"] > 1000
    assert told["feeds"] == {"ok": 2, "failing": 0, "gone": 1}


def test_a_run_that_failed_says_so_and_keeps_what_lasts(runs: list[tuple[int, Told]]) -> None:
    code, told = runs[1]
    assert (code, told["run_success"]) == (2, {"": 0})
    assert told["run_last_success_timestamp_seconds"] == runs[0][1]["run_end_timestamp_seconds"]
    assert told["run_end_timestamp_seconds"][""] > told["run_last_success_timestamp_seconds"][""]
    assert "run_entries" not in told


def test_a_run_that_had_committed_is_a_success(runs: list[tuple[int, Told]]) -> None:
    code, told = runs[2]
    assert (code, told["run_success"]) == (0, {"": 1})
    assert told["run_last_success_timestamp_seconds"] == told["run_end_timestamp_seconds"]


def test_news_are_remembered(runs: list[tuple[int, Told]]) -> None:
    news = [told["last_new_article_timestamp_seconds"][""] for _, told in runs]
    assert news == [runs[0][1]["run_end_timestamp_seconds"][""]] * 3


def test_another_dataset_s_metrics_are_not_taken_over(tmp_path: Path) -> None:
    path = str(tmp_path / "dateline.prom")
    for output in ("/data/one", "/data/two"):
        with contextlib.suppress(UsageError), tell_run(path, output):
            if output == "/data/two":
                raise UsageError("a typing error")
    told = told_by(Path(path).read_text(), "/data/two")
    assert told.keys() == {"run_success", "run_end_timestamp_seconds", "run_duration_seconds"}
    assert told["run_success"] == {"": 0}


def test_without_a_path_there_is_no_file(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path), tell_run("", "out"):
        pass
    assert list(tmp_path.iterdir()) == []


REFUSED = {
    "no folder": ("none/a.prom", None, "its folder is not there"),
    "a folder": (".", None, "Is a directory"),
    "other text": ("notes.txt", b"Remember the milk", "holds no metrics"),
    "no text": ("a.parquet", b"PAR1\xff\xfe", "holds no metrics"),
}


@pytest.mark.parametrize(("name", "held", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_written_is_refused_before_anything_runs(
    name: str, held: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if held:
        (tmp_path / name).write_bytes(held)
    given = ["--feeds", "http://127.0.0.1:9/", "--output", str(tmp_path / "out"), "--metrics", str(tmp_path / name)]
    assert main(["ingest", *given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert f"--metrics {tmp_path}" in error
    assert not (tmp_path / "out").exists()
    assert not held or (tmp_path / name).read_bytes() == held


def test_a_file_that_cannot_be_written_in_the_end_fails_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dateline.prom"
    with tell_run(str(path), "out"):
        path.mkdir()
    assert "the metrics of the run were not written" in capsys.readouterr().err


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "dateline.prom"

    def families() -> Iterator[Any]:
        yield Dataset("out").gauge("run_success", "Well.", 1)
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        write_metrics(str(path), families())
    assert list(tmp_path.iterdir()) == []


WINDOW = Committed(
    "s.1",
    {"reads": 9, "documents": 4, "new_articles": 5, "duplicates": 2, "rejects": 2, "feeds_changed": 3},
    {"same_text": 2},
    {"TooLarge": 2},
    {"kafka_behind broker:9092/news/0": 7, "kafka_behind broker:9092/news/1": 0},
    1.5,
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def scrape(port: int, output: str) -> Told:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return told_by(answer.read().decode(), output)


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """What a stream tells before its first window, after it and the second, and with a status that is damaged."""
    stream, port, told = StreamSettings(str(tmp_path_factory.mktemp("stream")), "s", 30), free_port(), []
    Path(status_path(stream.output)).parent.mkdir()
    with serve_metrics(port, stream):
        told.append(scrape(port, stream.output))
        for end in (1_742_638_500, 1_742_638_530):
            write_status(stream, end, WINDOW)
            told.append(scrape(port, stream.output))
        Path(status_path(stream.output)).write_text("{")
        told.append(scrape(port, stream.output))
    with pytest.raises(OSError, match="refused"):
        scrape(port, stream.output)
    return told


def test_what_a_stream_tells(stream: list[Told]) -> None:
    told = stream[1]
    assert told["stream_window_end_timestamp_seconds"] == {"": 1_742_638_500}
    assert (told["stream_lag_seconds"], told["stream_flush_seconds"]) == ({"": 1.5}, {"": 30})
    assert told["stream_kafka_behind"] == {"broker:9092/news/0": 7, "broker:9092/news/1": 0}
    assert told["stream_polls_total"] == {"changed": 3, "unchanged": 0, "failed": 0}
    assert told["feeds"] == {"ok": 0, "failing": 0, "gone": 0}
    assert told["last_new_article_timestamp_seconds"][""] > 1_742_638_500


def test_a_stream_s_counters_go_up(stream: list[Told]) -> None:
    for times, told in ((1, stream[1]), (2, stream[2])):
        assert told["stream_windows_total"] == {"": times}
        assert told["stream_reads_total"] == {"": 9 * times}
        assert told["stream_entries_total"]["new_articles"] == 5 * times
        assert told["stream_duplicates_total"] == {"same_text": 2 * times}
        assert told["stream_rejects_total"] == {"TooLarge": 2 * times}


def test_a_stream_without_a_status_tells_when_it_began(stream: list[Told]) -> None:
    for told in (stream[0], stream[3]):
        assert told.keys() == {"stream_start_timestamp_seconds", "stream_flush_seconds"}


def test_a_port_that_is_taken_is_refused(server: FeedServer, tmp_path: Path) -> None:
    port, stream = server.server_port, StreamSettings(str(tmp_path), "s", 30)
    with pytest.raises(UsageError, match=f"--metrics_port {port}"), serve_metrics(port, stream):
        pass


PAGE = (ROOT / "docs/operators.md").read_text().partition("## Metrics and alerts")[2].partition("\n## ")[0]
ALERTS = (ROOT / "deploy/prometheus/alerts.yml").read_text()


def test_alerts_ask_for_what_is_told(runs: list[tuple[int, Told]], stream: list[Told]) -> None:
    told = {name for found in (runs[0][1], stream[2]) for name in found}
    asked = set(re.findall(r"\bdateline_(\w+[a-z])\b", ALERTS))
    assert asked - told == set()
    assert len(asked) > 12


def test_each_alert_is_fired_by_a_test() -> None:
    fired = (ROOT / "deploy/prometheus/alerts_test.yml").read_text()
    assert set(re.findall(r"alert: (\w+)", ALERTS)) == set(re.findall(r'alertname(?:: |=")(\w+)', fired))


def test_the_page_for_operators_names_all_metrics_and_alerts(runs: list[tuple[int, Told]], stream: list[Told]) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in re.findall(r"`dateline_(\w+)`", row)]
    assert set(named) == {name for found in (runs[0][1], stream[2]) for name in found}
    assert {name for row in rows for name in re.findall(r"`(Dateline\w+)`", row)} == set(
        re.findall(r"alert: (\w+)", ALERTS)
    )


@pytest.mark.parametrize("command", re.findall(r"^dateline (ingest .*)", PAGE, re.M))
def test_the_commands_shown_are_understood(command: str) -> None:
    options = read_options(*make_parser().parse_known_args(shlex.split(command)))
    assert options.metrics or options.metrics_port


def test_a_page_that_failed_is_counted_once(tmp_path: Path) -> None:
    counts = {"documents": 1, "reads": 3, "pages_fetched": 1, "pages_unavailable": 2, "pages_failed": 1}
    families = counted_families(Dataset("out"), str(tmp_path), {"counts": counts, "tables": {}})
    (pages,) = (family.samples for family in families if family.name == "dateline_run_pages")
    assert {page.labels["outcome"]: page.value for page in pages} == {
        "fetched": 1, "unavailable": 1, "known": 0, "failed": 1
    }  # fmt: skip
