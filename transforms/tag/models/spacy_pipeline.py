"""A spaCy pipeline as a recogniser."""

from typing import Any

import numpy as np

from schemas.errors import UsageError
from transforms.tag.models.labels import require_labels, type_of
from transforms.tag.models.offsets import field_texts, to_spans
from transforms.tag.spans import Spans
from transforms.tag.text import BatchText, Flags, Hits

_BATCH = 64  # texts

INSTALL = "pip install 'dateline[spacy]'"


class SpacyRecogniser:
    """Finds the entities of a spaCy pipeline. Its named entity recogniser gives no scores: all are 1."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def find(self, text: BatchText, known: Hits, fields: Flags) -> Spans:
        """The spans in those fields whose flag is true."""
        numbers = np.flatnonzero(fields).tolist()
        texts = field_texts(text, numbers)
        self._pipeline.max_length = max([self._pipeline.max_length, *map(len, texts)])
        return to_spans(
            text,
            [
                (number, entity.start_char, entity.end_char, kind, 1.0)
                for number, document in zip(numbers, self._pipeline.pipe(texts, batch_size=_BATCH), strict=True)
                for entity in document.ents
                if (kind := type_of(entity.label_)) is not None
            ],
        )


def load_spacy(name: str) -> SpacyRecogniser:
    """The installed pipeline, or the one in a folder, of this name. Raises UsageError where there is none."""
    try:
        import spacy
    except ModuleNotFoundError:
        raise UsageError(f"spacy:{name} needs spaCy: {INSTALL}") from None
    try:
        pipeline = spacy.load(name, exclude=["parser", "lemmatizer", "textcat"])
    except OSError as error:
        raise UsageError(f"spacy:{name} is not installed: python -m spacy download {name}") from error
    if not {"ner", "entity_ruler"} & set(pipeline.pipe_names):
        raise UsageError(f"spacy:{name} has no named entity recogniser, only {pipeline.pipe_names}")
    labels = [label for pipe in ("ner", "entity_ruler") for label in pipeline.pipe_labels.get(pipe, ())]
    require_labels(f"spacy:{name}", labels)
    return SpacyRecogniser(pipeline)
