"""Replay: what was rejected, parsed and cleaned once more."""

from transforms.replay.choose import Choice, choose
from transforms.replay.leave import leave
from transforms.replay.tried import NoteRejects, RestoreRejects, Tried, stage_tried

__all__ = ["Choice", "NoteRejects", "RestoreRejects", "Tried", "choose", "leave", "stage_tried"]
