"""The lexicon: words that speak for a topic, in `data/lexicon.tsv`; the topics, in `data/topics.tsv`.

Topics are IPTC Media Topics (codes and names of 2023-10-24, by the IPTC, CC BY 4.0), the top level and the
second: id (the NewsCodes QCode, `medtop:` and eight digits), name (English), parent (empty at the top). Of the
lexicon: id, weight (4 says it alone, 1.5 in company, 0.5 is a hint), terms in lower case, separated by `|`; `*`
at the end lets the word go on.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_ID = re.compile(r"medtop:[0-9]{8}")
_TERM = re.compile(r"[^\sA-Z|*]+(?: [^\sA-Z|*]+)*\*?")


@dataclass(frozen=True, slots=True)
class Topic:
    """A Media Topic; `parent` is the id of its top-level topic, empty for one itself."""

    id: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Term:
    """Words that speak for a topic."""

    text: str
    open_ended: bool
    topic: str
    weight: float


@lru_cache(maxsize=1)
def load_topics() -> tuple[Topic, ...]:
    """The topics. Raises ValueError, naming the row, where the data break a rule."""
    return tuple(parse_topics(_read("topics.tsv")))


@lru_cache(maxsize=1)
def load_terms() -> tuple[Term, ...]:
    """The terms. Raises ValueError, naming the row, where the data break a rule."""
    return tuple(parse_terms(_read("lexicon.tsv"), {topic.id for topic in load_topics()}))


def parse_topics(text: str) -> list[Topic]:
    """Topics from a table. Raises ValueError for a row that is malformed, there twice or without its parent."""
    topics = [Topic(*row) for row in _rows(text, ["id", "name", "parent"])]
    roots = {topic.id for topic in topics if not topic.parent}
    seen: set[str] = set()
    for topic in topics:
        known = not topic.parent or topic.parent in roots
        if not (_ID.fullmatch(topic.id) and topic.name and known) or topic.id in seen:
            raise ValueError(f"topics: {topic}")
        seen.add(topic.id)
    return topics


def parse_terms(text: str, topics: set[str]) -> list[Term]:
    """Terms from a table. Raises ValueError for a malformed row, an unknown topic or a term there twice."""
    terms: dict[tuple[str, str], Term] = {}
    for topic, weight, listed in _rows(text, ["id", "weight", "terms"]):
        for term in listed.split("|"):
            if topic not in topics or not _TERM.fullmatch(term) or (topic, term) in terms:
                raise ValueError(f"lexicon: {term!r} of {topic!r}")
            bare = term.removesuffix("*")
            terms[topic, term] = Term(bare, bare != term, topic, float(weight))
    return list(terms.values())


def _rows(text: str, columns: list[str]) -> list[list[str]]:
    header, *rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in [header, *rows]:
        if len(row) != len(columns) or (row is header and row != columns):
            raise ValueError(f"expected columns {columns}, found {row}")
    return rows


def _read(file: str) -> str:
    return (files("transforms.tag") / "data" / file).read_text("utf-8")
