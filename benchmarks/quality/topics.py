"""Topics of stories labelled by hand: python -m benchmarks.quality.topics [tables...].

A table has the columns title, lead, main and others: the main topic of the top level, and what else the story is
about at any level, their ids, separated by commas; those that the model does not have are left out. Printed: how
often the best topic of the top level is the main one (or one of the others), for each topic precision and recall, the
confusion table, and how true the scores are.
"""

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from transforms.tag.topics import load_topic_tagger
from transforms.tag.topics.tagger import ARTICLE
from transforms.tag.topics.taxonomy import Topic, load_topics

TABLE = Path(__file__).parent / "topics" / "headlines.tsv"


@dataclass(frozen=True)
class Judged:
    """A story: its main topic and all its topics by name, and the score of each topic that it was given."""

    main: str
    about: set[str]
    scores: dict[str, float]


def judge(path: Path) -> list[Judged]:
    """Tag the stories of a table."""
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    stories = [{"title": r["title"], "body": r["lead"], "language": "en"} for r in rows]
    tagged = load_topic_tagger().tag(pa.RecordBatch.from_pylist(stories, ARTICLE)).to_pylist()
    known = {topic.id: topic for topic in load_topics()}
    return [
        Judged(
            known[row["main"]].name,
            {name for listed in (row["main"], *row["others"].split(",")) if listed for name in _upwards(listed, known)},
            {topic["name"]: topic["score"] for topic in topics},
        )
        for row, topics in zip(rows, tagged, strict=True)
    ]


def _upwards(key: str, known: dict[str, Topic]) -> set[str]:
    names = set()
    while key in known:
        names.add(known[key].name)
        key = known[key].parent
    return names


def report(judged: list[Judged]) -> None:
    """Print all tables."""
    tops = [topic.name for topic in load_topics() if not topic.parent]
    best = [next((name for name in story.scores if name in tops), "none") for story in judged]
    right = sum(name == story.main for name, story in zip(best, judged, strict=True))
    near = sum(name in story.about for name, story in zip(best, judged, strict=True))
    missed = best.count("none")
    print(f"{len(judged)} stories: best topic is the main one {right / len(judged):.3f}, ", end="")
    print(f"is one of its topics {near / len(judged):.3f}, none given {missed}")
    _print_topics(judged, tops)
    _print_confusion(judged, best, tops)
    _print_reliability(judged)


def _print_topics(judged: list[Judged], tops: list[str]) -> None:
    seconds = Counter(name for story in judged for name in story.about if name not in tops)
    print(f"\n{'all topics given':<42}{'about it':>9}{'precision':>10}{'recall':>8}")
    for name in [*tops, *sorted(seconds)]:
        about = [name in story.about for story in judged]
        given = [name in story.scores for story in judged]
        both = sum(a and g for a, g in zip(about, given, strict=True))
        precision = f"{both / sum(given):.2f}" if any(given) else "-"
        recall = f"{both / sum(about):.2f}" if any(about) else "-"
        shown = name if name in tops else f"  {name}"
        print(f"{shown:<42}{sum(about):>9}{precision:>10}{recall:>8}")


def _print_confusion(judged: list[Judged], best: list[str], tops: list[str]) -> None:
    print("\nmain topic (rows), best topic given (columns, in the same order, then none)")
    counts = Counter((story.main, name) for story, name in zip(judged, best, strict=True))
    for main in tops:
        print(f"{main:<42}" + "".join(f"{counts[main, name] or '.':>4}" for name in [*tops, "none"]))


def _print_reliability(judged: list[Judged]) -> None:
    """Of the topics given: how many of those with about such a score are right."""
    print(f"\n{'score':<12}{'given':>6}{'mean':>7}{'right':>7}")
    given = np.array([(score, name in story.about) for story in judged for name, score in story.scores.items()])
    for low in (0.25, 0.4, 0.55, 0.7, 0.85):
        these = given[(given[:, 0] >= low) & (given[:, 0] < low + 0.15 + (low > 0.8))]
        if len(these):
            print(
                f"{low:.2f}-{min(low + 0.15, 1):.2f}{len(these):>9}{these[:, 0].mean():>7.2f}{these[:, 1].mean():>7.2f}"
            )


if __name__ == "__main__":
    for given in map(Path, sys.argv[1:] or [str(TABLE)]):
        report(judge(given))
