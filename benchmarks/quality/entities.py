"""How well names are found: `python -m benchmarks.quality.entities [folder] [--profile fast] [--folds N]`.

The folder holds tagged sentences, of the kinds that `transforms.tag.training.gold` reads; each set is scored by
itself. A name counts as found where start, end and type are right. "stored" is what a dataset would hold, "model" what
the recogniser finds before gazetteer and article have their say. A set whose name is in the training data is marked *.

With `--folds N` the CRF is trained N times on the folder's training sets and scored on the part left out each time;
it then has no labelled text, since the model that labelled it knew all parts. Then it tells what the scores are worth.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.quality.entity_scores import report_scores
from schemas.profiles import DEFAULT
from transforms.tag.crf.classes import load_word_classes
from transforms.tag.crf.recogniser import CrfRecogniser
from transforms.tag.crf.weights import unpack_weights
from transforms.tag.entities import load_known_names
from transforms.tag.recognisers import load_recogniser
from transforms.tag.spans import TYPES, Recogniser
from transforms.tag.tagger import EntityTagger, load_tagger
from transforms.tag.text import join_fields
from transforms.tag.training.crf import CALIBRATION, train_crf
from transforms.tag.training.crf_sentences import tag_gold
from transforms.tag.training.gold import HELD_OUT, Gold, find_files, read_file, read_gold
from transforms.tag.training.unlabelled import NO_LABELS

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "ner"

Found = dict[tuple[int, int, str], float]  # code points from and to, and type; the score
Find = Callable[[Sequence[Gold]], list[Found]]

_BATCH = 500  # sentences
_MAIN = TYPES[:3]  # what every set marks


@dataclass
class Tally:
    """Names by type: in the gold data, found, and both."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    scores: list[tuple[float, bool]] = field(default_factory=list)  # of each name found, and whether it is right

    def add(self, sentence: Gold, found: Found) -> None:
        """Count the names of a sentence."""
        gold = set(sentence.spans)
        for counts, names in ((self.gold, gold), (self.found, found), (self.right, gold & found.keys())):
            counts.update(kind for *_, kind in names)
        self.scores += [(score, name in gold) for name, score in found.items() if name[2] in _MAIN]

    def score(self, *kinds: str) -> str:
        """Precision, recall and F1 over these types."""
        gold, found, right = (sum(counts[kind] for kind in kinds) for counts in (self.gold, self.found, self.right))
        return f"{right / max(1, found):.3f} {right / max(1, gold):.3f} {2 * right / max(1, found + gold):.3f}"


def main(folder: Path, profile: str, folds: int) -> None:
    """Print a table for the profile, or for the folds."""
    if folds:
        tallies = cross_validate(read_gold(folder), folds)
        report("cross-validated, model", tallies)
        report_scores(*gather_scores(tallies.values()), CALIBRATION)
        return
    sets = {path.stem: read_file(path) for path in find_files(folder)}
    tagger, model = load_tagger(profile).entities, load_recogniser(profile)
    report(f"{profile}, stored", {name: tally(gold, stored_by(tagger)) for name, gold in sets.items()})
    if model:
        report(f"{profile}, model", {name: tally(gold, found_by(model)) for name, gold in sets.items()})


def report(title: str, tallies: dict[str, Tally]) -> None:
    """Print precision, recall and F1 for each set."""
    print(f"{title:24}", *(f"{kind:>17}" for kind in ("all but MISC", *TYPES)))
    for name, counts in tallies.items():
        trained = "" if name in HELD_OUT else "*"
        kinds = (_MAIN, *((kind,) for kind in TYPES if counts.gold[kind]))
        print(f"{name + trained:24}", *(f"{counts.score(*chosen):>17}" for chosen in kinds))


def gather_scores(tallies: Iterable[Tally]) -> tuple[list[float], list[bool]]:
    """The scores of all names, and whether each is right."""
    scores = [pair for counts in tallies for pair in counts.scores]
    return [score for score, _ in scores], [right for _, right in scores]


def tally(gold: Sequence[Gold], find: Find) -> Tally:
    """The counts over sentences."""
    counts = Tally()
    for first in range(0, len(gold), _BATCH):
        part = gold[first : first + _BATCH]
        for sentence, found in zip(part, find(part), strict=True):
            counts.add(sentence, found)
    return counts


def found_by(model: Recogniser) -> Find:
    """The spans of a recogniser."""
    names = load_known_names()

    def find(part: Sequence[Gold]) -> list[Found]:
        text = join_fields([pa.array([sentence.text for sentence in part], pa.string())])
        fields = np.ones(len(part), np.bool_)
        spans = model.find(text, names.find(text, fields), fields)
        found: list[Found] = [{} for _ in part]
        columns = (
            text.fields_at(spans.start),
            text.to_code_points(spans.start),
            text.to_code_points(spans.end),
            spans.type,
            spans.score,
        )
        for row, start, end, kind, score in zip(*(column.tolist() for column in columns), strict=True):
            found[row][start, end, TYPES[kind]] = score
        return found

    return find


def stored_by(tagger: EntityTagger) -> Find:
    """The mentions of the entities that a tagger makes of articles whose body is a sentence."""

    def find(part: Sequence[Gold]) -> list[Found]:
        empty = pa.nulls(len(part), pa.string())
        bodies = pa.array([sentence.text for sentence in part], pa.string())
        language = pa.array(["en"] * len(part))
        batch = pa.RecordBatch.from_arrays(
            [empty, empty, bodies, language], ["title", "description", "body", "language"]
        )
        return [
            {
                (at["start"], at["end"], entity["type"]): entity["score"]
                for entity in entities
                for at in entity["mentions"]
            }
            for entities in tagger.tag(batch).to_pylist()
        ]

    return find


def cross_validate(gold: Sequence[Gold], folds: int) -> dict[str, Tally]:
    """The tallies of each set, each part of it found by a CRF that was trained on the others."""
    sets: defaultdict[str, Tally] = defaultdict(Tally)
    for fold in range(folds):
        trained = [sentence for at, sentence in enumerate(gold) if at // _BATCH % folds != fold]
        packed = train_crf(tag_gold(trained, NO_LABELS))
        find = found_by(CrfRecogniser(unpack_weights(packed), load_word_classes()))
        rest = [sentence for at, sentence in enumerate(gold) if at // _BATCH % folds == fold]
        for sentence, found in zip(rest, find(rest), strict=True):
            sets[sentence.set].add(sentence, found)
    return sets


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--profile", default=DEFAULT)
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args()
    main(given.folder, given.profile, given.folds)
