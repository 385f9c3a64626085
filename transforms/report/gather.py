"""One pass over each table of a dataset."""

from transforms.report.articles import count_articles
from transforms.report.feeds import find_idle_feeds
from transforms.report.findings import Findings
from transforms.report.rejects import count_rejects
from transforms.report.sightings import count_sightings
from transforms.report.stories import find_stories


def gather_findings(output: str) -> Findings:
    """Counts a dataset; no text is read, and memory grows by 16 bytes a sighting.

    Raises:
        DatasetError: a file cannot be read; it names the file.
        NewerSchema: a later version of Dateline wrote one.
    """
    sightings = count_sightings(output)
    articles = count_articles(output, sightings.returns.all())
    stories = find_stories(output, sightings.carried, articles.members)
    return Findings(output, articles, sightings, stories, count_rejects(output), find_idle_feeds(output))
