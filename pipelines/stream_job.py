"""A job without end: started, watched, and ended when somebody asks for it."""

import atexit
import logging
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import apache_beam as beam
from apache_beam.options.pipeline_options import GoogleCloudOptions
from apache_beam.runners.runner import PipelineResult, PipelineState
from grpc import RpcError

from pipelines.exit_codes import FAILED
from pipelines.failures import readable
from pipelines.flink_jobs import cancel_jobs
from pipelines.stream_options import flink_master
from pipelines.terminal import complain
from schemas.errors import DatelineError
from transforms.stream.keep_trying import keep_trying
from transforms.stream.settings import StreamSettings
from transforms.stream.status import read_status, status_line
from transforms.stream.stopping import allow_start, ask_to_stop
from transforms.write.manifests import from_iso_time

_LOOK_S = 1.0
# Beyond the end of its window, for a commit on a busy machine.
_PATIENCE_S = 60
_CANCEL_S = 10


def run_until_interrupted(pipeline: beam.Pipeline, stream: StreamSettings) -> None:
    """Run the pipeline until Ctrl-C or SIGTERM, and then to the end of the window that has begun.

    Raises DatelineError where the job, or its runner, fails; KeyboardInterrupt where it is interrupted again.
    """
    master = flink_master(pipeline.options)  # Beam takes the runner's name out of the options when it starts
    threading.excepthook = _tell_of_a_thread
    runner_is_gone = threading.Event()
    atexit.register(_end_at_once, runner_is_gone)  # before Beam registers anything, so called after all of that
    with told_plainly(runner_is_gone):
        result = start(pipeline)
        complain(f"streaming: what has come is committed every {stream.flush_s} s; Ctrl-C ends it")
        try:
            wait(result, stream)
        except KeyboardInterrupt:
            try:
                stop(result, stream)
            finally:
                if master:
                    cancel_on_flink(master, pipeline.options.view_as(GoogleCloudOptions).job_name)
                cancel(result)
                keep_trying(partial(allow_start, stream.output))  # or another stream to this dataset would stay silent


def _tell_of_a_thread(failure: threading.ExceptHookArgs) -> None:
    """Beam's threads that lose the runner say nothing: the job fails, and that is said once."""
    if not issubclass(failure.exc_type, RpcError):
        threading.__excepthook__(failure)


def _end_at_once(runner_is_gone: threading.Event) -> None:
    """Leave threads that lost their runner as they are: Python would end them inside native code, which aborts."""
    if runner_is_gone.is_set():
        sys.stdout.flush()
        os._exit(FAILED)


def start(pipeline: beam.Pipeline) -> PipelineResult:
    """Run the pipeline, and from then on take Ctrl-C, and a request to end (SIGTERM), as an interruption of this alone.

    Ctrl-C reaches all processes of a terminal, and Beam's handler stops the runner: here it is still to commit what
    has been read, so it is started with SIGINT ignored, and the handler is replaced.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return pipeline.run()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def wait(result: PipelineResult, stream: StreamSettings) -> None:
    """Say what becomes of each window, until the job ends by itself; raise what it failed with."""
    told = tell_windows(stream, math.inf)
    while not PipelineState.is_terminal(result.state):
        time.sleep(_LOOK_S)
        told = tell_windows(stream, told)
    result.wait_until_finish()


def stop(result: PipelineResult, stream: StreamSettings) -> None:
    """Poll no more, and wait until all that was read is committed, for a minute after its window at most."""
    keep_trying(partial(ask_to_stop, stream.output))
    last = math.ceil((time.time() + 2 * stream.tick_s) / stream.flush_s) * stream.flush_s
    complain(
        f"stopping: what has been read is committed within {last - int(time.time())} s; interrupt again to end at once"
    )
    told = tell_windows(stream, math.inf)
    while told < last and time.time() < last + _PATIENCE_S and not PipelineState.is_terminal(result.state):
        time.sleep(_LOOK_S)
        told = tell_windows(stream, told)
    if told < last:
        complain("the last window is not committed; the next start reads again what it held")


def cancel(result: PipelineResult) -> None:
    """End the job. What its workers say of being ended is of no use to anyone."""
    logging.disable(logging.CRITICAL)
    result.cancel()
    end = time.monotonic() + _CANCEL_S
    while not PipelineState.is_terminal(result.state) and time.monotonic() < end:
        time.sleep(_LOOK_S)


def cancel_on_flink(master: str, name: str) -> None:
    """Cancel the jobs of a name; where the cluster cannot be reached, say that they may still run."""
    try:
        cancel_jobs(master, name)
    except (OSError, ValueError) as error:
        complain(f"{master}: {error}; job {name} may still run there: cancel it before the stream is started anew")


def tell_windows(stream: StreamSettings, told: float) -> float:
    """Say what became of the last window that is stored, if it ended after `told`; its end in seconds, 0 for none."""
    status = keep_trying(partial(read_status, stream.output))
    ended: float = from_iso_time(status["window_end"]) / 1e6 if status else 0.0
    if ended > told:
        complain(status_line(status))
    return ended


@contextmanager
def told_plainly(runner_is_gone: threading.Event) -> Iterator[None]:
    """Turn the failure of a job, or of its runner, into a DatelineError; the event is set for a runner's."""
    try:
        with readable(lambda: "what was not committed is read again when the stream is started anew"):
            yield
    except RpcError as error:
        runner_is_gone.set()
        raise DatelineError("the runner is gone; start the stream again: nothing is lost") from error
