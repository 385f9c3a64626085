"""The command line of a stream, as far as it can be told without a runner that streams."""

from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions, StandardOptions

from pipelines.command import main
from pipelines.stream_options import flink_master, make_stream_options

ROOT = Path(__file__).parent.parent
WATCH = ["--watch", "/tmp/none/*.txt"]
FLINK = ["--runner=FlinkRunner", "--flink_master=flink.example.org:8081"]

REFUSED = {
    "a runner that ends": (["--streaming", *WATCH, "--runner=DirectRunner"], "--runner DirectRunner"),
    "no Prism there": (["--streaming", *WATCH, "--prism_location=none/prism"], "--prism_location none/prism"),
    "nothing to read": (["--streaming"], "--kafka"),
    "a watched folder in a batch": (WATCH, "--watch has no end"),
    "a topic in a batch": (["--kafka", "localhost:9092/news"], "--kafka has no end"),
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
    try:
        code = main(["ingest", "--output", str(tmp_path / "out"), *arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out/articles").exists()


def options(*arguments: str) -> PipelineOptions:
    return make_stream_options(list(arguments), 1, 1, "dateline-x")


def test_what_must_agree_on_flink_is_set() -> None:
    shown = options(*FLINK).get_all_options(drop_default=True, retain_unknown_options=True)
    assert 0 < int(shown["max_bundle_time_mills"]) < 1000
    assert int(shown["checkpointing_interval"]) > 0
    assert options(*FLINK).view_as(StandardOptions).streaming
    assert flink_master(options(*FLINK)) == "flink.example.org:8081"


@pytest.mark.parametrize("runner", [["--prism_location=/bin/true"], ["--runner=FlinkRunner", "--flink_master=[auto]"]])
def test_only_a_cluster_is_asked_to_cancel(runner: list[str]) -> None:
    assert flink_master(options(*runner)) == ""


def test_what_is_given_is_kept() -> None:
    given = options(*FLINK, "--checkpointing_interval=500", "--job_name=mine")
    assert given.get_all_options(retain_unknown_options=True)["checkpointing_interval"] == "500"
    assert given.view_as(GoogleCloudOptions).job_name == "mine"
