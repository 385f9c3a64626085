"""Tagged sentences as arrays: our tokens and a tag for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from transforms.tag.spans import TYPES, Int8s
from transforms.tag.text import BatchText, Flags, Ints, join_fields
from transforms.tag.tokens import Tokens, tokenize
from transforms.tag.training.gold import Gold

TAGS = ("O", *(f"{begin}-{kind}" for kind in TYPES for begin in "BI"))  # B-PERSON, I-PERSON, B-ORG, ...


@dataclass(frozen=True, slots=True)
class Tagged:
    """Gold sentences as the text of a batch, one a row."""

    text: BatchText
    tokens: Tokens
    tags: Int8s  # index into TAGS, of each token
    rows: Ints  # the sentence each token is from
    has_misc: Flags  # of each sentence: whether MISC is marked


def tag_tokens(gold: Sequence[Gold]) -> Tagged:
    """Tag our tokens by the spans of gold sentences. A token that a span touches is in it whole."""
    text = join_fields([pa.array([sentence.text for sentence in gold], pa.string())])
    tokens = tokenize(text, np.ones(len(gold), np.bool_))
    spans = [(row, *span) for row, sentence in enumerate(gold) for span in sentence.spans]
    begins = _to_bytes(gold, text, [(row, start) for row, start, _, _ in spans])
    ends = _to_bytes(gold, text, [(row, end) for row, _, end, _ in spans])
    first = np.searchsorted(tokens.end, begins, side="right")
    last = np.searchsorted(tokens.start, ends)
    tags = np.zeros(len(tokens.start), np.int8)
    for start, end, (*_, kind) in zip(first.tolist(), last.tolist(), spans, strict=True):
        begin = TAGS.index(f"B-{kind}")
        tags[start:end] = begin + 1
        tags[start] = begin
    has_misc = np.array([sentence.has_misc for sentence in gold], np.bool_)
    return Tagged(text, tokens, tags, text.fields_at(tokens.start), has_misc)


def _to_bytes(gold: Sequence[Gold], text: BatchText, points: list[tuple[int, int]]) -> Ints:
    """Byte offsets of code points, each given with the row it is in."""
    return np.array([text.starts[row] + len(gold[row].text[:at].encode()) for row, at in points], np.int64)
