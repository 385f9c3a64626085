"""Which places names are taken for: `python -m benchmarks.quality.places [folder]`.

On `places/texts.txt` and `places/held_out.txt` (labelled when the rules were done), where each name is marked as
`[name|country|latitude,longitude]` (`[MISC:name|...]` for another type; no coordinates for countries and regions), and
on the LOC names with a Wikipedia link of `gum_wikinews.jsonl` in the folder, whose articles' places are in
`places/wikipedia.tsv`. Names are given, so that the errors are those of the resolver alone.

Right: the country, and for a city a point within half a degree; country: no more than the country, and that is right;
none: nothing is said; wrong: all else.
"""

import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa

from schemas.columns import ENTITY
from transforms.tag.places import PlaceResolver, load_place_resolver
from transforms.tag.text import FIELDS

HERE = Path(__file__).parent / "places"
NAMES = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "ner"
NEAR = 0.5  # degrees

_MARK = re.compile(r"\[(?:([A-Z]+):)?([^]|]+)\|([A-Z]*)\|([^]]*)\]")


@dataclass
class Label:
    """A name in a text, and the place that it means."""

    type: str
    name: str
    start: int
    country: str
    at: tuple[float, float] | None


@dataclass
class Labelled:
    """A text with its names."""

    text: str
    labels: list[Label] = field(default_factory=list)


def main(folder: Path) -> None:
    """Print the counts for each set, and the names that are taken for something else."""
    resolver = load_place_resolver()
    for name in ("texts", "held_out"):
        print_counts(name, read_texts(HERE / f"{name}.txt"), resolver)
    print_counts("wikinews", read_wikinews(folder), resolver)


def print_counts(name: str, texts: list[Labelled], resolver: PlaceResolver) -> None:
    """One line of counts, and one for each name that is wrong."""
    batch, entities = to_batch(texts)
    start = time.process_time()
    linked, places = resolver.resolve(entities, batch)
    seconds = time.process_time() - start
    judged = [
        (judge(label, entity, row), label, text)
        for text, named, row in zip(texts, linked.to_pylist(), places.to_pylist(), strict=True)
        for label, entity in zip(text.labels, named, strict=True)
    ]
    counts = Counter(verdict for verdict, *_ in judged)
    shares = "  ".join(f"{verdict} {counts[verdict]:3}" for verdict in ("right", "country", "none", "wrong"))
    print(f"{name:9} names {len(judged):4}  {shares}  {seconds / len(texts) * 1e6:.0f} us a text")
    for verdict, label, text in judged:
        if verdict != "right":
            print(f"  {verdict:8}{label.name} ({label.country}): {text.text[max(0, label.start - 40) :][:90]!r}")


def judge(label: Label, entity: dict[str, object], places: list[dict[str, float | str | None]]) -> str:
    """right, country, none or wrong."""
    of_name = [
        place for place in places if place["name"] == label.name or (place["uri"] and place["uri"] == entity["uri"])
    ]
    if entity["type"] != "LOC":
        return "right" if any(place["country_code"] == label.country for place in places) else "none"
    if not of_name:
        return "none" if label.country else "right"
    if entity["uri"] is None:
        return "country" if of_name[0]["country_code"] == label.country else "wrong"
    return "right" if any(is_meant(label, place) for place in of_name) else "wrong"


def is_meant(label: Label, place: dict[str, float | str | None]) -> bool:
    """Whether country and point are those of the label; a region without a point is not its main city."""
    if (place["country_code"] or "") != label.country or (place["lat"] is None) != (label.at is None):
        return False
    return label.at is None or all(
        abs(float(place[axis] or 0) - degrees) < NEAR for axis, degrees in zip(("lat", "lon"), label.at, strict=True)
    )


def read_texts(path: Path) -> list[Labelled]:
    """The marked texts."""
    return [_read_text(line) for line in path.read_text("utf-8").splitlines()]


def _read_text(line: str) -> Labelled:
    found = Labelled("")
    at = 0
    for mark in _MARK.finditer(line):
        found.text += line[at : mark.start()]
        found.labels.append(Label(mark[1] or "LOC", mark[2], len(found.text), mark[3], _point(mark[4])))
        found.text, at = found.text + mark[2], mark.end()
    found.text += line[at:]
    return found


def read_wikinews(folder: Path) -> list[Labelled]:
    """Documents with their linked LOC names; a name like `Sochi, Russia` is cut at the comma."""
    with (HERE / "wikipedia.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        known = {row["title"]: (row["country"], _point(row["at"])) for row in rows}
    documents = map(json.loads, (folder / "gum_wikinews.jsonl").read_text("utf-8").splitlines())
    return [Labelled(document["text"], list(_links(document["entities"], known))) for document in documents]


def _links(
    entities: list[dict[str, object]], known: dict[str, tuple[str, tuple[float, float] | None]]
) -> Iterator[Label]:
    for entity in entities:
        title = unquote(str(entity["wiki"]))
        if entity["type"] != "LOC" or not entity["named"] or title not in known:
            continue
        text = re.match(r"(?:[Tt]he )?(.*?)(?:['’]s)?(?:,.*)?$", str(entity["text"]).replace("\n", " "))
        if text and text[1][:1].isupper():
            yield Label("LOC", text[1], int(str(entity["start"])) + text.start(1), *known[title])


def _point(text: str) -> tuple[float, float] | None:
    lat, comma, lon = text.partition(",")
    return (float(lat), float(lon)) if comma else None


def to_batch(texts: list[Labelled]) -> tuple[pa.RecordBatch, pa.ListArray]:
    """Articles whose body is the text, and the names as their entities."""
    schema = pa.schema([(name, pa.string()) for name in FIELDS])
    batch = pa.RecordBatch.from_pylist([{"body": text.text} for text in texts], schema=schema)
    rows = [[_entity(label) for label in text.labels] for text in texts]
    return batch, pa.array(rows, pa.list_(ENTITY))


def _entity(label: Label) -> dict[str, object]:
    mention = {"field": "body", "start": label.start, "end": label.start + len(label.name)}
    return {"name": label.name, "type": label.type, "uri": None, "score": 1.0, "mentions": [mention]}


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else NAMES)
