"""The stream as a job description for Dataflow, which is written and not sent."""

import json
import shutil
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions
from apache_beam.portability.api import beam_runner_api_pb2 as proto

from pipelines.options import IngestOptions
from pipelines.stream import StreamJob, build_stream
from pipelines.stream_options import make_stream_options
from transforms.fetch.feeds import Feed
from transforms.fetch.settings import FetchSettings
from transforms.stream.settings import StreamSettings

IMAGE = "registry.example.org/dateline:1"
GIVEN = [
    "--runner=DataflowRunner", "--project=some-project", "--region=europe-west1", "--staging_location=gs://bucket/s",
    "--temp_location=gs://bucket/t", f"--sdk_container_image={IMAGE}", "--sdk_location=container", "--no_auth",
]  # fmt: skip
READ = IngestOptions([], [], "gs://bucket/news", "s", 0, streaming=True, watch=["*.txt"], kafka=["host:9092/news"])
# What a job needs of a service, beyond batches: https://beam.apache.org/documentation/runtime/model
NEEDED = {"beam:requirement:pardo:splittable_dofn:v1", "beam:requirement:pardo:stateful:v1"}


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where that is found which Beam would put into a bucket; no bucket is asked for."""
    from apache_beam.runners.dataflow.internal.apiclient import DataflowApplicationClient

    def keep(client: object, folder: str, name: str, source: Any) -> None:
        with Path(tmp_path, name).open("wb") as file:
            shutil.copyfileobj(source, file)

    monkeypatch.setattr(DataflowApplicationClient, "stage_file_with_retry", keep)
    monkeypatch.setattr(DataflowApplicationClient, "_stage_resources", lambda *_: [])
    monkeypatch.setattr(GoogleCloudOptions, "_handle_temp_and_staging_locations", lambda *_: [])
    return tmp_path


@pytest.mark.tools
def test_the_stream_is_translated_whole(bucket: Path) -> None:
    options = make_stream_options([*GIVEN, f"--template_location={bucket}/job.json"], 1, 1, "news")
    pipeline = beam.Pipeline(options=options)
    feeds = [Feed("https://example.org/feed.xml")]
    build_stream(pipeline, StreamJob(READ, StreamSettings(READ.output, "s", 300), feeds, FetchSettings(), {}))
    pipeline.run()
    job = json.loads((bucket / "job.json").read_text())
    assert job["type"] == "JOB_TYPE_STREAMING"
    assert {pool["workerHarnessContainerImage"] for pool in job["environment"]["workerPools"]} == {IMAGE}
    translated = proto.Pipeline.FromString((bucket / "pipeline.pb").read_bytes())
    assert set(translated.requirements) == NEEDED
    assert {each.urn for each in translated.components.environments.values()} == {"beam:env:docker:v1"}
