"""What readers make of a feed's XML."""

from dataclasses import dataclass
from typing import Any

Item = dict[str, Any]  # as feedparser's handlers name things
BYTES = "application/octet-stream"  # contents of this type are left in base64


@dataclass(frozen=True)
class Feed:
    """A channel and its items; `version` is empty where nothing of a feed was seen."""

    channel: Item
    items: list[Item]
    version: str
