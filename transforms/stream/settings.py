"""What a stream was asked to do, as its workers need it."""

from dataclasses import dataclass, field
from typing import Any

from schemas import profiles
from transforms.deduplicate.settings import DuplicateSettings


@dataclass(frozen=True)
class StreamSettings:
    """The dataset, the stream's name, how often it commits and how it judges. Times are seconds."""

    output: str  # the dataset's folder, absolute where it is local
    run_id: str  # of the stream; each window commits as `<run_id>.<the window's end>`
    flush_s: int  # what a window holds
    tick_s: int = 1
    duplicates: DuplicateSettings = field(default_factory=DuplicateSettings)
    keep_boilerplate: bool = False
    entities: str = profiles.DEFAULT
    compact: bool = True  # join the small files of partitions that have many
    shown: dict[str, Any] = field(default_factory=dict)  # the options as manifests show them
    inputs: list[dict[str, Any]] = field(default_factory=list)  # likewise, what is read
