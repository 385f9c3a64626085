"""Sentences as what the encoder reads at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.tag.encoder.pieces import BEGIN, CASES, END, PAD, Pieces, Words
from transforms.tag.text import Ints

LONGEST = 128  # pieces of a window, its begin and end included


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of about the same length."""

    pieces: Pieces  # a window a row, padded with PAD
    cases: Pieces
    words: Ints  # the numbers of the words in them
    row: Ints  # where the first piece of each word is
    column: Ints


def cut_windows(words: Words, sentences: Ints) -> Ints:
    """The first word of each window, then the number of words: a window is a sentence, or as much of it as fits.

    sentences: the first word of each sentence, then the number of words.
    """
    sizes = np.diff(words.starts[sentences])
    begins = sentences.tolist()
    for long in np.flatnonzero(sizes > LONGEST - 2).tolist():
        first, last = sentences[long], sentences[long + 1]
        while words.starts[last] - words.starts[first] > LONGEST - 2:
            first = int(np.searchsorted(words.starts, words.starts[first] + LONGEST - 2, side="right")) - 1
            begins.append(first)
    return np.array(sorted(begins), np.int64)


def batch_windows(words: Words, windows: Ints, chosen: Ints, room: int) -> Iterator[Batch]:
    """The chosen windows in batches of up to `room` pieces, padding included; the longest first."""
    sizes = np.diff(words.starts[windows])[chosen]
    order = np.argsort(-sizes, kind="stable")
    while len(order):
        rows = max(1, room // int(sizes[order[0]] + 2))
        yield _lay_out(words, windows, chosen[order[:rows]])
        order = order[rows:]


def _lay_out(words: Words, windows: Ints, chosen: Ints) -> Batch:
    starts, ends = words.starts[windows[chosen]], words.starts[windows[chosen + 1]]
    sizes = ends - starts
    columns = np.arange(int(sizes.max()) + 2)
    inside = (columns > 0) & (columns <= sizes[:, None])
    source = np.where(inside, starts[:, None] + columns - 1, 0)
    pieces = np.where(inside, words.pieces[source], PAD)
    pieces[:, 0] = BEGIN
    pieces[np.arange(len(chosen)), sizes + 1] = END
    cases = np.where(inside, words.cases[source], CASES.index("none"))
    cases[pieces == BEGIN] = cases[pieces == END] = CASES.index("other")
    row = np.repeat(np.arange(len(chosen)), windows[chosen + 1] - windows[chosen])
    first = np.concatenate([np.arange(windows[at], windows[at + 1]) for at in chosen])
    return Batch(pieces, cases, first, row, words.starts[first] - starts[row] + 1)
