"""What a checkpoint on Flink holds: it does not grow while nothing happens."""

import time
from pathlib import Path

import pytest

from benchmarks.stream.flink import checkpoint
from tests.cluster.flink import Flink
from tests.cluster.stream import streaming

PAUSES = 20  # of the clock's step, one a second; Beam's own runner would add 1.8 kB for each
SLACK = 10_000  # bytes


@pytest.mark.drill
def test_checkpoints_do_not_grow_with_time(flink: Flink, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    flags = [*flink.run("flags").split(), "--checkpointing_interval=1000", "--watch", f"{tmp_path}/in/*.txt"]
    with streaming(tmp_path / "out", flags) as stream:
        stream.wait_for(lambda: checkpoint(f"127.0.0.1:{flink.port}").get("checkpoint", 0) > PAUSES)
        before = checkpoint(f"127.0.0.1:{flink.port}")
        time.sleep(PAUSES)
        after = checkpoint(f"127.0.0.1:{flink.port}")
        stream.stop()
    assert after["checkpoint"] > before["checkpoint"]
    assert after["state_bytes"] < before["state_bytes"] + SLACK
