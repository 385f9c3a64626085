"""Which lines recur over the stories of a source: counted in arrays, many sources at once.

Not every article is a story of its own. Articles with the same longest line (other than the line counted) tell
one story, and so do the versions of an article. Articles that are for the most part made of lines that others
have too, such as takes of a story or a market's tables, say nothing of a template and are not counted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.lines import BODY_PLACE, CLOSES, OPENS, RECURRING, REPEATS

Rows = NDArray[np.void]
_Ints = NDArray[np.int64]
_Hashes = NDArray[np.uint64]
_Flags = NDArray[np.bool_]

# A line recurs that so many stories have, and this share (percent) of the stories of its source.
STORIES = 4
SHARE = 4
_COMMON_PART = 0.6  # the part of its bytes from which on an article is not counted
_HABIT = 0.8  # the part of its occurrences among the last (first) lines from which on a line closes (opens) texts
_OFTEN = 2  # occurrences in a story


@dataclass(frozen=True)
class _Layout:
    """Where articles begin in the rows, and for each row its article's number and its line's."""

    starts: _Ints
    of_row: _Ints
    line: _Ints
    occurrences: _Ints  # of each line


def find_recurring(rows: Rows) -> Rows:
    """RECURRING, sorted by line, from LINE_ROWS in which an article's rows stand together, in order of place."""
    if not len(rows):
        return np.zeros(0, RECURRING)
    layout = _lay_out(rows)
    told = _stories(rows, layout)
    shared = layout.occurrences[layout.line] > 1
    counted = shared & ~_is_common(rows, layout, _count(rows, layout, told, shared))[layout.of_row]
    stories = _count(rows, layout, told, counted)
    share = 100 * stories / _stories_of_origin(rows, layout)
    found = (stories >= STORIES) & (share >= SHARE)
    recurring = np.zeros(np.count_nonzero(found), RECURRING)
    recurring["line"] = _first(rows["line"], layout)[found]
    recurring["share"] = np.minimum(share[found], 100)
    recurring["habit"] = _habits(rows, layout, counted, stories >= STORIES)[found]
    return recurring


def _lay_out(rows: Rows) -> _Layout:
    article, text, place = rows["article"], rows["text"], rows["place"]
    other = (article[1:] != article[:-1]) | (text[1:] != text[:-1]) | (place[1:] <= place[:-1])
    starts = np.flatnonzero(np.r_[True, other])
    _, line, occurrences = np.unique(rows["line"], return_inverse=True, return_counts=True)
    return _Layout(starts, np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows))), line, occurrences)


def _ranked(rows: Rows) -> _Hashes:
    """Numbers that order lines by size, and tell them apart: 16 bits of the size, 48 of the hash."""
    return (rows["size"].astype(np.uint64) << np.uint64(48)) | (rows["line"] >> np.uint64(16))


def _first(column: NDArray[np.uint64], layout: _Layout) -> _Hashes:
    """The value of a column, by line."""
    values = np.empty(len(layout.occurrences), column.dtype)
    values[layout.line] = column
    return values


def _stories(rows: Rows, layout: _Layout) -> _Hashes:
    """For each row what its story is known by: the longest line of the article but this one; 0 without another."""
    ranked = _ranked(rows)
    longest = np.maximum.reduceat(ranked, layout.starts)[layout.of_row]
    second = np.maximum.reduceat(np.where(ranked == longest, np.uint64(0), ranked), layout.starts)[layout.of_row]
    return np.where(ranked == longest, second, longest)


def _count(rows: Rows, layout: _Layout, told: _Hashes, counted: _Flags) -> _Ints:
    """The distinct stories of each line, over the rows counted: by what they tell, and by article, the fewer."""
    lines, size = layout.line[counted], len(layout.occurrences)
    by_story, by_article = (_distinct(lines, values[counted], size) for values in (told, rows["article"]))
    return np.minimum(by_story, by_article)


def _distinct(groups: _Ints, values: _Hashes, size: int) -> _Ints:
    order = np.lexsort([values, groups])
    groups, values = groups[order], values[order]
    fresh = np.r_[True, (groups[1:] != groups[:-1]) | (values[1:] != values[:-1])][: len(groups)]
    return np.bincount(groups[fresh], minlength=size)


def _is_common(rows: Rows, layout: _Layout, stories: _Ints) -> _Flags:
    """By article: whether it is for the most part made of lines that two stories have."""
    common = np.add.reduceat(np.where(stories[layout.line] > 1, rows["size"], 0).astype(np.int64), layout.starts)
    flags: _Flags = common > _COMMON_PART * np.add.reduceat(rows["size"].astype(np.int64), layout.starts)
    return flags


def _stories_of_origin(rows: Rows, layout: _Layout) -> _Ints:
    """For each line how many stories its origin has."""
    heads = rows[layout.starts]
    _, origin = np.unique(heads["origin"], return_inverse=True)
    longest = np.maximum.reduceat(_ranked(rows), layout.starts)
    count = origin.max() + 1
    stories = np.minimum(*(_distinct(origin, values, count) for values in (longest, heads["article"])))
    by_line = np.empty(len(layout.occurrences), np.int64)
    by_line[layout.line] = stories[origin][layout.of_row]
    return by_line


def _habits(rows: Rows, layout: _Layout, counted: _Flags, recurs: _Flags) -> NDArray[np.uint8]:
    """By line: CLOSES, OPENS, REPEATS."""
    in_body = rows["place"] >= BODY_PLACE
    bounds = np.flatnonzero(np.r_[True, (layout.of_row[1:] != layout.of_row[:-1]) | (in_body[1:] != in_body[:-1])])
    of_row = np.repeat(np.arange(len(bounds)), np.diff(bounds, append=len(rows)))
    row, own = np.arange(len(rows)), ~recurs[layout.line]
    last_own = np.maximum.reduceat(np.where(own, row, -1), bounds)[of_row]
    first_own = np.minimum.reduceat(np.where(own, row, len(rows)), bounds)[of_row]
    lines, size = layout.line[counted], len(recurs)
    seen = np.bincount(lines, minlength=size)
    habits = np.zeros(size, np.uint8)
    for habit, shown in ((CLOSES, row > last_own), (OPENS, row < first_own)):
        times = np.bincount(lines, weights=shown[counted], minlength=size)
        habits |= np.where(times >= _HABIT * seen, habit, 0).astype(np.uint8)
    articles = _distinct(lines, rows["article"][counted], size)
    return habits | np.where(seen >= _OFTEN * articles, REPEATS, 0).astype(np.uint8)
