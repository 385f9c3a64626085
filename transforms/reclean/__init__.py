"""Reclean: what `--keep_raw` kept, parsed and cleaned once more."""

from transforms.reclean.overtaken import DropOvertaken
from transforms.reclean.raw import RECLEAN, Raw, find_raw
from transforms.reclean.recall import Recall

__all__ = ["RECLEAN", "DropOvertaken", "Raw", "Recall", "find_raw"]
