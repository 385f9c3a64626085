"""Whether a dataset is what its manifests say, and what would make it so."""

from transforms.check.broken import set_broken_aside
from transforms.check.disk import require_dataset
from transforms.check.examine import examine
from transforms.check.examined import Examined
from transforms.check.mend import Mend
from transforms.check.problems import Problem

__all__ = ["Examined", "Mend", "Problem", "examine", "require_dataset", "set_broken_aside"]
