"""A pipeline run to its end, and what it counted."""

from collections.abc import Callable

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipelines.beam_options import is_local
from pipelines.counts import count_all
from pipelines.local_runner import make_buffers_safe
from schemas.errors import DatelineError


def run_beam(beam_options: PipelineOptions, build: Callable[[beam.Pipeline], object]) -> dict[str, int]:
    """Run what `build` wires; every counter by name. Raises DatelineError where it does not end well."""
    if is_local(beam_options):
        make_buffers_safe()
    pipeline = beam.Pipeline(options=beam_options)
    build(pipeline)
    result = pipeline.run()
    state = result.wait_until_finish()
    if state != PipelineState.DONE:
        raise DatelineError(f"the pipeline ended as {state}; nothing was committed")
    return count_all(result)
