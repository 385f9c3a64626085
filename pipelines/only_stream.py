"""One stream to a dataset: a second is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from pipelines.flink_jobs import find_jobs
from pipelines.stream_options import flink_master
from schemas.errors import UsageError
from transforms.stream.stopping import allow_start
from transforms.write import files
from transforms.write.lock import hold


@contextmanager
def only_stream(output: str, options: PipelineOptions) -> Iterator[None]:
    """Until the block ends no other command streams to the dataset.

    Raises DatasetBusy where one does, UsageError where the Flink cluster does not answer or still runs a job of one.
    """
    folder = f"{output}/_stream"
    files.make_folder(folder)
    with hold(f"{folder}/running"):
        if master := flink_master(options):
            _refuse_second(output, master, options.view_as(GoogleCloudOptions).job_name)
        allow_start(output)
        yield


def _refuse_second(output: str, master: str, name: str) -> None:
    """A job on Flink outlives the command that started it, where that is killed; so its name is kept."""
    path = f"{output}/_stream/flink_job"
    names = {name}
    if FileSystems.exists(path):
        names.add(files.read_bytes(path).decode(errors="replace"))
    try:
        running = find_jobs(master, names)
    except (OSError, ValueError) as error:
        raise UsageError(f"--flink_master {master}: {error}") from error
    if running:
        raise UsageError(f"{output}: job {running[0]} at {master} still streams there; end that first")
    files.write_whole(path, name.encode())
