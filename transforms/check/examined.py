"""What a check of a dataset has found."""

from dataclasses import dataclass, field

import numpy as np

from transforms.check.commits import Commits, Listed
from transforms.check.disk import Disk
from transforms.check.problems import Problem
from transforms.check.rows import ARTICLE_ROWS, Rows
from transforms.check.standing import Standing


@dataclass
class Examined:
    """Paths are below the dataset's folder."""

    output: str
    commits: Commits
    disk: Disk
    sound: dict[str, Listed] = field(default_factory=dict)  # files that can be read, as they are
    paths: dict[str, list[str]] = field(default_factory=dict)  # by table, in the order of their numbers
    rows: dict[str, Rows] = field(default_factory=dict)  # by table
    unsorted: set[str] = field(default_factory=set)  # but for keys
    standings: dict[str, Standing] = field(default_factory=dict)
    lacking: Rows = field(default_factory=lambda: np.zeros(0, ARTICLE_ROWS))  # articles without their first sighting
    stale: set[str] = field(default_factory=set)  # key tables to make anew
    stale_days: set[int] = field(default_factory=set)  # of signatures
    lost: list[str] = field(default_factory=list)  # files of articles, sightings and rejects, of which rows are gone
    problems: list[Problem] = field(default_factory=list)

    @property
    def damage(self) -> list[Problem]:
        """The problems that are no notes."""
        return [problem for problem in self.problems if not problem.is_note]
