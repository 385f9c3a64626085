"""The command line of a stream, as far as it can be told without a runner that streams."""

import json
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    PrismRunnerOptions,
    StandardOptions,
)

from pipelines.command import main
from pipelines.stream_options import flink_master, make_stream_options
from tests.feed_server import serving
from tests.runs import exit_code
from transforms.write.lock import hold

WATCH = ["--watch", str(Path(__file__).with_name("none") / "*.txt")]
FLINK = ["--runner=FlinkRunner", "--flink_master=flink.example.org:8081"]
IN_WORDS = ["--runner", "FlinkRunner", "--flink_master", "flink.example.org:8081"]

REFUSED = {
    "a runner that ends": (["--streaming", *WATCH, "--runner=DirectRunner"], "--runner DirectRunner"),
    "no Prism there": (["--streaming", *WATCH, "--prism_location=none/prism"], "--prism_location none/prism"),
    "nothing to read": (["--streaming"], "--kafka"),
    "a watched folder in a batch": (WATCH, "--watch is for a stream"),
    "a topic in a batch": (["--kafka", "localhost:9092/news"], "--kafka is for a stream"),
    "windows in a batch": (["--input", "in/*", "--flush=300"], "--flush is for a stream"),
    "a pace in a batch": (["--feeds", "https://example.org/feed", "--poll_every=60"], "--poll_every is for a stream"),
    "Kafka's settings in a batch": (["--input", "in/*", "--kafka_config=kafka.ini"], "--kafka_config is for a stream"),
    "Kafka's settings without Kafka": (["--streaming", *WATCH, "--kafka_config=kafka.ini"], "is for --kafka"),
    "a port in a batch": (["--input", "in/*", "--metrics_port=9100"], "--metrics_port is for a stream"),
    "no port": (["--streaming", *WATCH, "--metrics_port=70000"], "'70000' is not a port"),
    "a file of metrics": (["--streaming", *WATCH, "--metrics=a.prom"], "--metrics is for runs that end"),
    "feeds that are gone": (["--streaming", *WATCH, "--poll_gone"], "--poll_gone is for runs that end"),
    "a deadline": (["--streaming", *WATCH, "--poll_deadline=600"], "--poll_deadline"),
    "chunks": (["--streaming", *WATCH, "--chunk_bytes=48MB"], "--chunk_bytes"),
    "a topic without a port": (
        ["--streaming", "--kafka", "localhost/news", "--prism_location=/bin/true"],
        "localhost/news",
    ),
    "pages": (["--streaming", *WATCH, "--full_text"], "--full_text"),
    "raw documents": (["--streaming", "--feeds", "https://example.org/feed", "--keep_raw"], "--keep_raw"),
    "another clock": (["--streaming", *WATCH, "--as_of", "2025-03-22"], "--as_of"),
    "processes": (["--streaming", *WATCH, "--workers=2", "--prism_location=/bin/true"], "--workers 2"),
    "no time between commits": (["--streaming", *WATCH, "--flush=0"], "'0'"),
    "parts of a second": (["--streaming", *WATCH, "--flush=0.5"], "'0.5'"),
    "bundles as long as ticks": (
        ["--streaming", *WATCH, *FLINK, "--max_bundle_time_mills=1000"],
        "--max_bundle_time_mills=1000",
    ),
    "bundles as long as ticks, in two words": (
        ["--streaming", *WATCH, *IN_WORDS, "--max_bundle_time_mills", "1000"],
        "--max_bundle_time_mills=1000",
    ),
    "a cluster that does not answer": (
        ["--streaming", *WATCH, "--runner=FlinkRunner", "--flink_master=127.0.0.1:9"],
        "--flink_master 127.0.0.1:9",
    ),
    "a folder of nobody's": (["--streaming", "--watch", "in/*.txt", *FLINK], "in/*.txt"),
    "an input that is not there": (
        ["--streaming", "--input", "/none/*.xml", "--prism_location=/bin/true"],
        "/none/*.xml",
    ),
    "a run id that is too long with its windows": (
        ["--streaming", *WATCH, "--prism_location=/bin/true", f"--run_id={'a' * 90}"],
        "aaa",
    ),
}


@pytest.mark.parametrize(("arguments", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_before_anything_runs(
    arguments: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["ingest", "--output", str(tmp_path / "out"), *arguments]) == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out/articles").exists()


def options(*arguments: str) -> PipelineOptions:
    return make_stream_options(list(arguments), 1, 1, "dateline-x")


@pytest.mark.parametrize("flags", [FLINK, IN_WORDS], ids=["whole", "in-two-words"])
def test_what_must_agree_on_flink_is_set(flags: list[str]) -> None:
    made = options(*flags)
    shown = made.get_all_options(drop_default=True, retain_unknown_options=True)
    assert 0 < int(shown["max_bundle_time_mills"]) < 1000
    assert int(shown["checkpointing_interval"]) > 0
    assert shown["finish_bundle_before_checkpointing"] is True
    assert shown["streaming"] is True
    assert made.view_as(StandardOptions).runner == "FlinkRunner"
    assert flink_master(made) == "flink.example.org:8081"


def test_no_second_command_streams_to_a_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = tmp_path / "out/_stream/running"
    running.parent.mkdir(parents=True)
    with hold(str(running)):
        flags = ["--prism_location=/bin/true", "--output", str(tmp_path / "out")]
        assert main(["ingest", "--streaming", *WATCH, *flags]) == 1
    assert f"{running} has been held" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["dateline-former", "dateline-mine"])
def test_no_second_job_streams_to_a_dataset(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = str(tmp_path / "out")
    Path(output, "_stream").mkdir(parents=True)
    Path(output, "_stream/flink_job").write_text("dateline-former")
    ended = {"jid": "ended", "name": name, "end-time": 1}
    jobs = [ended, {"jid": "other", "name": "other", "end-time": -1}, {"jid": "runs", "name": name, "end-time": -1}]
    with serving() as server:
        server.pages["/jobs/overview"] = lambda call: call.answer(body=json.dumps({"jobs": jobs}).encode())
        flags = ["--runner=FlinkRunner", f"--flink_master={server.url('')}", "--run_id=Mine"]
        assert main(["ingest", "--streaming", *WATCH, "--output", output, *flags]) == 2
    assert f"{output}: job runs at " in capsys.readouterr().err


@pytest.mark.parametrize("runner", [["--prism_location=/bin/true"], ["--runner=FlinkRunner", "--flink_master=[auto]"]])
def test_only_a_cluster_is_asked_to_cancel(runner: list[str]) -> None:
    assert flink_master(options(*runner)) == ""


def test_what_is_given_is_kept() -> None:
    given = options(*FLINK, "--checkpointing_interval=500", "--job_name=mine")
    assert given.get_all_options(retain_unknown_options=True)["checkpointing_interval"] == "500"
    assert given.view_as(GoogleCloudOptions).job_name == "mine"


def test_without_any_option_of_beam_it_runs_on_the_prism_of_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prism = tmp_path / "prism"
    prism.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert options().view_as(StandardOptions).runner == "PrismRunner"
    assert options().view_as(PrismRunnerOptions).prism_location == str(prism)
