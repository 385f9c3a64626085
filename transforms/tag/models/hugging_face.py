"""A Hugging Face token classifier as a recogniser."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import groupby
from typing import Any

import numpy as np

from schemas.errors import UsageError
from transforms.tag.models.labels import require_labels, type_of
from transforms.tag.models.offsets import Mention, field_texts, to_spans
from transforms.tag.spans import Spans
from transforms.tag.text import BatchText, Flags, Hits

_BATCH = 32  # windows
_LONGEST = 512  # word pieces of a window, where the tokenizer sets no limit

INSTALL = "pip install 'dateline[transformers]'"


class HuggingFaceRecogniser:
    """Finds the entities of a token classifier; a word is labelled by its first piece, as in training.

    A field is read line by line, a line in windows of as many pieces as the model takes. An entity's score is
    the mean of its words' probabilities.
    """

    def __init__(self, tokenizer: Any, model: Any, inference: Callable[[], AbstractContextManager[None]]) -> None:
        self._tokenizer = tokenizer
        self._model = model
        self._inference = inference
        self._longest = min(tokenizer.model_max_length, model.config.max_position_embeddings, _LONGEST)

    def find(self, text: BatchText, known: Hits, fields: Flags) -> Spans:
        """The spans in those fields whose flag is true."""
        numbers = np.flatnonzero(fields).tolist()
        lines = [
            (number, start, line)
            for number, field in zip(numbers, field_texts(text, numbers), strict=True)
            for start, line in _lines(field)
        ]
        found = [mention for at in range(0, len(lines), _BATCH) for mention in self._read(lines[at : at + _BATCH])]
        return to_spans(text, found)

    def _read(self, lines: list[tuple[int, int, str]]) -> Iterator[Mention]:
        inputs = self._tokenizer(
            [line for *_, line in lines],
            truncation=True,
            max_length=self._longest,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="pt",
        )
        of_line, offsets = inputs.pop("overflow_to_sample_mapping"), inputs.pop("offset_mapping")
        with self._inference():
            chances = self._model(**inputs).logits.softmax(-1)
        best, labels = chances.max(-1)
        for window, line in enumerate(of_line.tolist()):
            number, start, _ = lines[line]
            words = inputs.word_ids(window)
            pieces = zip(words, offsets[window].tolist(), labels[window].tolist(), best[window].tolist(), strict=True)
            for begin, end, kind, score in self._join(pieces):
                yield number, start + begin, start + end, kind, score

    def _join(self, pieces: Any) -> Iterator[tuple[int, int, int, float]]:
        """Neighbouring words of one type, unless the second begins an entity: first code point, end, type, score."""
        entity = 0
        marked: list[tuple[int, int | None, int, int, float]] = []
        for _, word in groupby(pieces, key=lambda piece: piece[0]):
            (number, (begin, end), label, chance), *rest = word
            name = self._model.config.id2label[label]
            kind = None if number is None else type_of(name)
            if not marked or marked[-1][1] != kind or name.startswith("B-"):
                entity += 1
            marked.append((entity, kind, begin, rest[-1][1][1] if rest else end, chance))
        for (_, kind), run in groupby(marked, key=lambda word: word[:2]):
            words = list(run)
            if kind is not None:
                yield words[0][2], words[-1][3], kind, sum(word[4] for word in words) / len(words)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, line
        start += len(line)


def load_hugging_face(name: str) -> HuggingFaceRecogniser:
    """The token classifier in a folder, or of this name on the hub. Raises UsageError where there is none."""
    try:
        from safetensors import SafetensorError
        from torch import inference_mode, set_num_threads
        from transformers import AutoModelForTokenClassification, AutoTokenizer
    except ModuleNotFoundError:
        raise UsageError(f"hf:{name} needs transformers and torch: {INSTALL}") from None
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForTokenClassification.from_pretrained(name).eval()
    except (OSError, ValueError, SafetensorError) as error:
        raise UsageError(f"hf:{name} cannot be loaded: {str(error).splitlines()[0]}") from error
    set_num_threads(1)  # a worker is a process for one core
    if not tokenizer.is_fast:
        raise UsageError(f"hf:{name}: its tokenizer gives no offsets; a fast one is needed")
    require_labels(f"hf:{name}", model.config.id2label.values())
    return HuggingFaceRecogniser(tokenizer, model, inference_mode)
