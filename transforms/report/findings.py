"""All that a report tells, in numbers."""

from dataclasses import dataclass

from transforms.report.articles import ArticleCounts
from transforms.report.feeds import FeedsFound
from transforms.report.rejects import RejectCounts
from transforms.report.sightings import SightingCounts
from transforms.report.stories import CarriedStories


@dataclass(frozen=True)
class Findings:
    """What was counted in a dataset."""

    output: str
    articles: ArticleCounts
    sightings: SightingCounts
    stories: CarriedStories
    rejects: RejectCounts
    feeds: FeedsFound
