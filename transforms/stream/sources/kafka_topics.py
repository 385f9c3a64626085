"""Kafka topics as `--kafka` names them: host:port/topic, with commas between the brokers of a cluster."""

import re
from typing import NamedTuple

from schemas.errors import UsageError

EARLIEST = -2  # in place of an offset, as librdkafka writes it: the first message that there still is

_BROKER = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}"
_FORM = re.compile(rf"(?P<brokers>{_BROKER}(?:,{_BROKER})*)/(?P<name>[A-Za-z0-9._-]{{1,249}})")


class Topic(NamedTuple):
    """A topic of a cluster."""

    brokers: str  # host:port, with commas between several; sorted, so that their order makes no other topic
    name: str

    @property
    def address(self) -> str:
        """What its documents and cursors name as their source."""
        return f"kafka://{self.brokers}/{self.name}"


def parse_topic(text: str) -> Topic:
    """The topic that `host:port/topic` names. Raises UsageError naming the value."""
    found = _FORM.fullmatch(text.removeprefix("kafka://"))
    if not found or found["name"] in (".", ".."):
        raise UsageError(f"--kafka {text}: written as host:port/topic, or host:port,host:port/topic")
    brokers = found["brokers"].lower().split(",")
    for broker in brokers:
        if not 0 < int(broker.rpartition(":")[2]) < 65536:
            raise UsageError(f"--kafka {text}: {broker} has no port from 1 to 65535")
    return Topic(",".join(sorted(set(brokers))), found["name"])
