"""Code points of a field to bytes of the batch, for models that read strings."""

import numpy as np

from transforms.tag.spans import Spans
from transforms.tag.text import BatchText

# A mention: field, first code point, end, index into TYPES, score.
Mention = tuple[int, int, int, int, float]


def field_texts(text: BatchText, numbers: list[int]) -> list[str]:
    """The fields as strings."""
    ends = text.starts + text.sizes
    return [text.raw[text.starts[number] : ends[number]].tobytes().decode() for number in numbers]


def to_spans(text: BatchText, mentions: list[Mention]) -> Spans:
    """Spans of mentions in the order of the text."""
    columns = zip(*mentions, strict=True) if mentions else [()] * 5
    field, start, end, kind, score = (np.array(column) for column in columns)
    begins = np.append(np.flatnonzero((text.raw & 0xC0) != 0x80), len(text.raw))  # byte of each code point
    first = np.searchsorted(begins, text.starts)[field.astype(np.int64)]
    begin, stop = (begins[(first + offset).astype(np.int64)] for offset in (start, end))
    return Spans(begin, stop, kind.astype(np.int8), score.astype(np.float32))
