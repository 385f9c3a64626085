"""Time of the entity models: `python -m benchmarks.speed.entities [folder] [--profile fast]`.

The folder holds `unlabelled/feed_text.jsonl.gz`. Microseconds of processor time a token, the best of several rounds, in
batches as the pipeline tags them. Of the fast profile the steps are timed too, each in its best round.
"""

import argparse
from collections import defaultdict
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa

from benchmarks.timing import best_seconds
from schemas.errors import UsageError
from schemas.profiles import DEFAULT
from transforms.tag.crf.classes import load_word_classes
from transforms.tag.crf.features import read_features
from transforms.tag.crf.names import to_spans
from transforms.tag.crf.viterbi import best_tags, forbid
from transforms.tag.crf.weights import load_weights, weigh
from transforms.tag.entities import load_known_names
from transforms.tag.recognisers import load_recogniser
from transforms.tag.tagger import BATCH
from transforms.tag.text import BatchText, join_fields
from transforms.tag.tokens import Tokens, tokenize
from transforms.tag.training.unlabelled import read_texts

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
ARTICLES, LETTERS, ROUNDS = 1000, 2000, 5


def main(data: Path, profile: str) -> None:
    """Print the time of the recogniser, and of the steps of the fast one."""
    model, names = load_recogniser(profile), load_known_names()
    if model is None:
        raise UsageError(f"{profile} has no model")
    articles = [text[:LETTERS] for text in read_texts(data) if len(text) >= LETTERS][:ARTICLES]
    texts = [join_fields([pa.array(articles[at : at + BATCH])]) for at in range(0, len(articles), BATCH)]
    all_fields = [np.ones(len(text.starts), np.bool_) for text in texts]
    batches = [(text, names.find(text, fields), fields) for text, fields in zip(texts, all_fields, strict=True)]
    tokens = sum(len(tokenize_all(text).start) for text in texts)
    print(f"{len(articles):,} articles of {LETTERS:,} letters, {tokens:,} tokens")
    times = {profile: best_seconds(lambda batch: model.find(*batch), batches, ROUNDS)}
    if profile == "fast":
        times |= time_steps(texts)
    for name, seconds in times.items():
        print(f"{name:12} {seconds / tokens * 1e6:7.3f} us a token")


def tokenize_all(text: BatchText) -> Tokens:
    """The tokens of all fields."""
    return tokenize(text, np.ones(len(text.starts), np.bool_))


def time_steps(texts: list[BatchText]) -> dict[str, float]:
    """Seconds of each step of the fast profile."""
    rounds = [_time_steps(texts) for _ in range(ROUNDS)]
    return {step: min(times[step] for times in rounds) for step in rounds[0]}


def _time_steps(texts: list[BatchText]) -> dict[str, float]:
    classes, weights = load_word_classes(), load_weights()
    moves = forbid(weights.transitions)
    times: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        at = [process_time()]
        tokens = tokenize_all(text)
        at.append(process_time())
        sites, lazy = read_features(text, tokens, classes)
        columns = list(lazy)
        at.append(process_time())
        emissions = weigh(columns, len(sites.tokens), weights)
        at.append(process_time())
        tags = best_tags(emissions, sites.chains, moves)
        at.append(process_time())
        to_spans(tags, emissions, sites, tokens, weights)
        at.append(process_time())
        for step, seconds in zip(("tokens", "features", "weights", "decoding", "spans"), np.diff(at), strict=True):
            times[f"  {step}"] += seconds
    return times


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--profile", default=DEFAULT)
    given = parser.parse_args()
    main(given.folder, given.profile)
