"""Which recurring lines go, and what becomes of the articles they go from."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.flags import FLAGS
from schemas.lines import CLOSES, OPENS, RECURRING, REPEATS
from tests.make import article, story
from transforms.boilerplate.lines import comparable, gather_lines, hash_line, normalise_lines
from transforms.boilerplate.origins import origin_of
from transforms.boilerplate.remove import Found, index_recurring, pack_lines, remove_boilerplate, unpack_lines
from transforms.boilerplate.strip import Line, strip_lines
from transforms.deduplicate.keys import gather_facts
from transforms.deduplicate.packing import pack

OWN = Line("A sentence of the text.", b"own")
BLANK = Line("")
SENTENCE = "Our letter goes out each morning to all who like the sea and its ships"


def recurring(text: str, share: int, habit: int = 0) -> Line:
    (normal,) = normalise_lines(text, b"")
    return Line(text, normal, share, habit)


# The lines around the text's own, and whether they go.
GO = {
    "a short line at the end": recurring("Read on our site", 5, CLOSES),
    "a sentence at the end": recurring(f"{SENTENCE}.", 15, CLOSES),
    "a long paragraph that most have": recurring(SENTENCE * 7, 40, CLOSES),
    "a line with a number that most have": recurring("Call us on 555", 60, CLOSES),
    "a greeting": recurring(f"{SENTENCE}.", 12, OPENS),
    "a short greeting": recurring("Hello, and welcome!", 12, OPENS),
    "a heading that most open with": recurring("The Tide", 60, OPENS),
    "a link within": recurring("Read also: Another thing", 5),
    "a link at the end": recurring("See also: Another thing", 5, CLOSES),
    "a known phrase within": recurring("Advertisement", 5),
    "a code within": recurring("[player id=“x”]", 60),
    "a long line within": recurring(SENTENCE, 60),
    "a word often within": recurring("Publicité", 60, REPEATS),
}
STAY = {
    "a short line not at the end": recurring("Read on our site", 5),
    "a short sentence at the end": recurring("No one was hurt.", 12, CLOSES),
    "a sentence that few have": recurring(f"{SENTENCE}.", 6, CLOSES),
    "a long paragraph": recurring(SENTENCE * 7, 20, CLOSES),
    "a value": recurring("Rating: 4 out of 5", 20, CLOSES),
    "a heading at the start": recurring("Key points", 30, OPENS),
    "a dateline": recurring("LONDON", 40, OPENS),
    "a greeting that few have": recurring(f"{SENTENCE}.", 5, OPENS),
    "a heading within": recurring("What we know so far", 90),
    "a sentence within that few have": recurring(SENTENCE, 25),
    "code often within": recurring("else:", 80, REPEATS),
    "a number often within": recurring("Serves 4", 80, REPEATS),
    "a line that does not recur": Line("Read also: Another thing", b"readalso"),
}


@pytest.mark.parametrize("line", GO.values(), ids=GO)
def test_goes(line: Line) -> None:
    lines = {CLOSES: [OWN, BLANK, line], OPENS: [line, BLANK, OWN]}.get(line.habit, [OWN, line, OWN])
    assert [left for left in strip_lines(lines) if left.text] == [left for left in lines if left == OWN]


@pytest.mark.parametrize("line", STAY.values(), ids=STAY)
def test_stays(line: Line) -> None:
    lines = {CLOSES: [OWN, BLANK, line], OPENS: [line, BLANK, OWN]}.get(line.habit, [OWN, line, OWN])
    assert strip_lines(lines) == lines


CLOSING, OPENING = GO["a short line at the end"], GO["a greeting"]
WITHIN = STAY["a sentence within that few have"]
RUNS = {
    "several": ([OPENING, OWN, CLOSING, BLANK, CLOSING], [OWN]),
    "with the title between": ([OWN, CLOSING, Line("The title"), CLOSING], [OWN]),
    "a line within, at the start": ([WITHIN, OWN], [WITHIN, OWN]),
    "an opening line at the end": ([OWN, OPENING], [OWN, OPENING]),
    "a closing line before the text's own": ([OWN, CLOSING, OWN], [OWN, CLOSING, OWN]),
    "marks of the text before it": ([OWN, Line("***"), CLOSING], [OWN, Line("***")]),
    "marks of the text alone": ([OWN, Line("***")], [OWN, Line("***")]),
    "a number between": ([OWN, CLOSING, Line("3-2"), CLOSING], [OWN, CLOSING, Line("3-2")]),
    "nothing else": ([CLOSING, CLOSING], []),
}


@pytest.mark.parametrize(("lines", "left"), RUNS.values(), ids=RUNS)
def test_runs(lines: list[Line], left: list[Line]) -> None:
    assert strip_lines(lines) == left


FOOTER = "Follow us on all channels"


def packed(found_lines: tuple[str, ...], **given: Any) -> tuple[pa.Table, Found]:
    """One packed article, and lines that recur at the end of all texts of its source."""
    articles = [article(**given)]
    facts = gather_facts(articles)
    table = pack(articles, facts).append_column("lines", pack_lines(*gather_lines(articles, facts)))
    rows = np.zeros(len(found_lines), RECURRING)
    hashes = [hash_line(comparable(line), origin_of(articles[0])) for line in found_lines]
    rows["line"], rows["share"], rows["habit"] = [int.from_bytes(h, "little") for h in hashes], 100, CLOSES
    return table, index_recurring(rows)


CLEANED = {
    "body": ({"body": f"{story(1)}\n\n{FOOTER}"}, {"body": story(1)}),
    "paragraphs": ({"body": f"{story(1)}\n\n{story(2)}\n\n{FOOTER}"}, {"body": f"{story(1)}\n\n{story(2)}"}),
    "description": ({"body": "", "description": f"{story(1)}\n{FOOTER}"}, {"body": None, "description": story(1)}),
    "a description of nothing else": ({"body": story(1), "description": FOOTER}, {"description": None}),
    "both": ({"body": f"{story(1)}\n\n{FOOTER}", "description": f"{story(2)}\n{FOOTER}"},
             {"body": story(1), "description": story(2)}),
}  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CLEANED.values(), ids=CLEANED)
def test_articles_are_cleaned(given: dict[str, str], expected: dict[str, str | None]) -> None:
    table, found = packed((FOOTER,), quality_flags=["undated"], **given)
    cleaned, changed = remove_boilerplate(table, found, np.array([True]))
    (row,) = cleaned.to_pylist()
    assert changed == 1
    assert {name: row[name] for name in expected} == expected
    assert row["quality_flags"] == ["boilerplate_removed", "undated"]
    assert row["word_count"] == len((row["body"] or row["description"]).split())
    assert cleaned.drop(["body", "description", "word_count", "quality_flags"]) == table.drop(
        ["body", "description", "word_count", "quality_flags"]
    )


LEFT = {
    "nothing recurs": ((), {"body": f"{story(1)}\n\n{FOOTER}"}),
    "all lines recur": ((FOOTER,), {"body": FOOTER, "description": ""}),
    "too little would be left": ((FOOTER,), {"body": "", "description": f"A short line\n{FOOTER}"}),
    "no body would be left": ((FOOTER,), {"body": FOOTER, "description": story(1)}),
}


@pytest.mark.parametrize(("found_lines", "given"), LEFT.values(), ids=LEFT)
def test_articles_left_as_they_are(found_lines: tuple[str, ...], given: dict[str, str]) -> None:
    table, found = packed(found_lines, **given)
    assert remove_boilerplate(table, found, np.array([True])) == (table, 0)


def test_articles_not_wanted_are_left() -> None:
    table, found = packed((FOOTER,), body=f"{story(1)}\n\n{FOOTER}")
    assert remove_boilerplate(table, found, np.array([False])) == (table, 0)


def test_lines_packed_and_unpacked() -> None:
    articles = [article(body=f"{story(1)}\n\nTwo"), article(body=""), article(body="One")]
    facts = gather_facts(articles)
    rows, counts = gather_lines(articles, facts)
    unpacked, found = unpack_lines(pa.chunked_array([pack_lines(rows, counts)]))
    assert found.tolist() == counts == [2, 0, 1]
    assert unpacked.tolist() == rows.tolist()


def test_the_flag_is_documented() -> None:
    assert "boilerplate_removed" in FLAGS
