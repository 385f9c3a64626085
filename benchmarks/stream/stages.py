"""To which stage a sample of a Python worker belongs."""

import re
from collections import Counter
from collections.abc import Iterable

# The innermost frame that is in one of these files tells the stage.
STAGES = {
    "poll": r"transforms/stream/sources/|transforms/fetch/",
    "parse": r"transforms/parse_entries\.py",
    "clean": r"transforms/clean/article\.py",
    "sketch": r"transforms/deduplicate/sketch\.py",
    "look up what was seen": r"transforms/deduplicate/stored/seen\.py",
    "tag": r"transforms/tag/tagger\.py",
    "write packs": r"write_pack \(",
    "settle": r"transforms/deduplicate/settle_window\.py",
    "write and commit": r"transforms/stream/commit_window\.py",
}
TRANSPORT = "Beam in Python: coders, transport"
_STAGES = {stage: re.compile(files) for stage, files in STAGES.items()}


def count_stages(stacks: Iterable[str]) -> Counter[str]:
    """Samples by stage, of py-spy's raw format: frames from the outermost inwards, parted by `;`, and a count."""
    counted: Counter[str] = Counter()
    for line in stacks:
        frames, _, times = line.rpartition(" ")
        counted[_stage(frames.split(";"))] += int(times)
    return counted


def _stage(frames: list[str]) -> str:
    for frame in reversed(frames):
        for stage, files in _STAGES.items():
            if files.search(frame):
                return stage
    return TRANSPORT
