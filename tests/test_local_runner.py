"""The repair of Beam's in-process runner."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from apache_beam.coders import BytesCoder
from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.runners.portability.fn_api_runner.execution import BundleContextManager, PartitionableBuffer
from apache_beam.runners.portability.fn_api_runner.translations import create_buffer_id

from pipelines.local_runner import make_buffers_safe


class SlowStage(BundleContextManager):
    """A stage that takes its time to find the coder of a buffer."""

    def __init__(self) -> None:
        self.execution_context = SimpleNamespace(pcoll_buffers={})

    def get_input_coder_impl(self, transform_id: str) -> CoderImpl:
        time.sleep(0.02)
        return BytesCoder().get_impl()


def test_all_processes_of_a_stage_fill_one_buffer() -> None:
    make_buffers_safe()
    stage, name = SlowStage(), create_buffer_id("pcollection")

    def take(_: int) -> PartitionableBuffer:
        return stage.get_buffer(name, "transform")

    with ThreadPoolExecutor(8) as threads:
        buffers = list(threads.map(take, range(8)))
    assert all(buffer is buffers[0] for buffer in buffers)
