"""Retag: new models over stored articles; of each row all else stays as it is."""

from transforms.retag.plan import Days, Stale, find_stale
from transforms.retag.retag import Retag
from transforms.retag.swap import swap

__all__ = ["Days", "Retag", "Stale", "find_stale", "swap"]
