"""What the topics are learnt from: texts, and how surely each is about each topic.

- `data/stories.tsv`: stories made up for this, with their topics.
- The taxonomy's own names and definitions (`topics/iptc_mapping.json` of the data folder; IPTC, CC BY 4.0).
- `data/lexicon.tsv`: terms that speak for a topic; the weight 4 says it alone, 1.5 in company, 0.5 is a hint.
- Sentences of news agencies and beginnings of web articles, from the data folder. Their labels are frozen in
  `data/labels.tsv`, by a hash of the text, for the texts are their publishers': those by hand, and those by a model
  trained on all of the above (logistic regression on the embeddings of all-MiniLM-L6-v2, and the lexicon's evidence).
"""

import gzip
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transforms.tag.tables import read_rows
from transforms.tag.topics.taxonomy import Topic

# Where one text ends and the next begins, in articles put together from unrelated sentences.
_SENTENCE_END = re.compile(r"(?<=[.!?][\"”’)]) (?=[A-Z\"“])|(?<=[a-z0-9%)][.!?]) (?=[A-Z\"“])")
_BEGINNING = 420  # characters of a web article
_OPEN = 60  # how many words a term that lets the word go on may stand for

# How much a text of each kind counts.
STORY, TITLE, DEFINITION, BY_HAND, BY_MODEL = 1.0, 0.5, 0.15, 1.0, 0.15
_TERM_COUNTS = {"4": 0.6, "1.5": 0.16, "0.5": 0.04}


@dataclass(frozen=True, slots=True)
class Example:
    """A text, how likely it is about each topic, and how much it counts."""

    title: str
    text: str
    topics: dict[str, float]
    counts: float
    held_out: bool = False  # its labels are by hand: it may serve to measure


def read_examples(folder: str, topics: tuple[Topic, ...]) -> list[Example]:
    """All examples, in a fixed order. Raises OSError where the data folder lacks a file."""
    above = {topic.id: topic.parent for topic in topics}
    found = [*_stories(), *_definitions(folder, above), *_labelled(folder)]
    terms = list(_terms(sorted({word for example in found for word in _words(example)})))
    return [Example(e.title, e.text, _with_parents(e.topics, above), e.counts, e.held_out) for e in found + terms]


def _with_parents(topics: dict[str, float], above: dict[str, str]) -> dict[str, float]:
    found = dict(topics)
    for topic, likely in topics.items():
        while topic := above[topic]:
            found[topic] = max(found.get(topic, 0.0), likely)
    return found


def _stories() -> Iterator[Example]:
    for listed, title, lead in read_rows(read_own("stories.tsv"), ["topics", "title", "lead"]):
        topics = dict.fromkeys((f"medtop:{code}" for code in listed.split()), 1.0)
        yield Example(title, lead, topics, STORY, held_out=True)
        yield Example(title, "", topics, TITLE)


def _definitions(folder: str, above: dict[str, str]) -> Iterator[Example]:
    with open(f"{folder}/topics/iptc_mapping.json", encoding="utf-8") as file:
        concepts = json.load(file)
    levels = [f"Level{level}/NewsCode" for level in (1, 2, 3)]
    for concept in concepts.values():
        if concept["RetiredDate"] != concept["RetiredDate"]:  # NaN: it is not retired
            topics = dict.fromkeys((concept[level] for level in levels if concept[level] in above), 1.0)
            definition = concept["Definition (en-GB)"]
            yield Example("", f"{concept['Name (en-GB)']}: {definition}", topics, DEFINITION)


def _labelled(folder: str) -> Iterator[Example]:
    rows = read_rows(read_own("labels.tsv"), ["text", "by", "topics"])
    labels = {text: (by, listed) for text, by, listed in rows}
    for text in read_unlabelled(folder):
        if (label := labels.get(text_hash(text))) is not None:
            by_hand = label[0] == "hand"
            topics = {f"medtop:{code}": int(share) / 100 for code, share in _pairs(label[1])}
            yield Example("", text, topics, BY_HAND if by_hand else BY_MODEL, held_out=by_hand)


def _terms(words: list[str]) -> Iterator[Example]:
    """The lexicon; a term that lets the word go on stands for those of the given words that do."""
    for topic, weight, listed in read_rows(read_own("lexicon.tsv"), ["id", "weight", "terms"]):
        for term in listed.split("|"):
            bare = term.removesuffix("*")
            *before, last = bare.split()
            first = bisect_left(words, last)
            forms = words[first : bisect_left(words, last + "~")][:_OPEN] if bare != term else []
            for form in dict.fromkeys([last, *forms]):
                yield Example("", " ".join([*before, form]), {topic: 1.0}, _TERM_COUNTS[weight])


def _words(example: Example) -> list[str]:
    return re.findall(r"[a-z]{3,}", f"{example.title} {example.text}".lower())


def _pairs(text: str) -> NDArray[np.str_]:
    return np.array([pair.split(":") for pair in text.split()]).reshape(-1, 2)


def read_unlabelled(folder: str) -> list[str]:
    """The texts that the frozen labels are of, each once."""
    texts: dict[str, None] = {}
    with open(f"{folder}/neardup/mccormick_minhash/articles_2500.train", encoding="utf-8") as file:
        for line in file:
            _, _, article = line.strip().partition(" ")
            texts.update(dict.fromkeys(s for s in _SENTENCE_END.split(article) if 60 <= len(s) <= 500))
    with gzip.open(f"{folder}/unlabelled/feed_text.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts.update(dict.fromkeys(json.loads(line)["text"][:_BEGINNING] for line in lines))
    return list(texts)


def text_hash(text: str) -> str:
    """What a text is known by in `labels.tsv`."""
    return blake2b(text.encode(), digest_size=5).hexdigest()


def read_own(file: str) -> str:
    """The text of a file in `training/data`."""
    return (Path(__file__).parent / "data" / file).read_text("utf-8")
