"""A stream from Kafka that is disturbed, held to an undisturbed batch over the same messages."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.cluster.kafka import Kafka
from tests.cluster.news import messages
from tests.cluster.stream import Stream, assert_same_rows, rows_stored, streaming

BACKLOG = 20_000  # messages that are there when the stream begins: it reads them over several checkpoints
LATER = 1000
RATE = 50.0  # of those that come later, a second


@cache
def all_sent() -> list[bytes]:
    """The messages of every drill."""
    return messages(BACKLOG + LATER)


def survive(
    kafka: Kafka, output: Path, wanted: Path, flags: list[str], disturbances: Sequence[Callable[[Stream], None]]
) -> None:
    """Disturb a stream amid its backlog, when it has staged its first articles, and again after the next commits.

    AssertionError where in the end a row is lost, is there twice or differs from those of the other dataset.
    """
    sent, topic, lot = all_sent(), kafka.new_topic(), LATER // len(disturbances)
    kafka.send(topic, sent[:BACKLOG])
    with streaming(output, [*flags, "--kafka", f"{kafka.server}/{topic}"]) as stream:
        for start, disturb in zip(range(BACKLOG, len(sent), lot), disturbances, strict=True):
            if start == BACKLOG:
                stream.wait_for(lambda: any(output.glob("_stream/articles-*")))
            else:
                stream.wait_for_rows(rows_stored(output) + 1)
            with kafka.sending(topic, sent[start : start + lot], RATE):
                disturb(stream)
        stream.wait_for_rows(rows_stored(wanted))
        stream.stop()
    assert_same_rows(output, wanted)
