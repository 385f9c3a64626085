"""Whether a dataset is what its manifests say, and what would make it so."""

from transforms.check.broken import is_dataset, set_broken_aside
from transforms.check.examine import Examined, examine
from transforms.check.mend import Mend
from transforms.check.problems import Problem

__all__ = ["Examined", "Mend", "Problem", "examine", "is_dataset", "set_broken_aside"]
