"""The recogniser of the accurate profile."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidProtobuf

from schemas.errors import UsageError
from transforms.tag.crf.viterbi import best_tags, forbid
from transforms.tag.crf.weights import TAGS
from transforms.tag.encoder.model_files import BUILD, MODEL, VOCABULARY
from transforms.tag.encoder.pieces import Pieces, WordReader
from transforms.tag.encoder.windows import batch_windows, cut_windows
from transforms.tag.spans import Floats, Int8s, Spans
from transforms.tag.text import BatchText, Flags, Hits, Ints
from transforms.tag.tokens import Tokens, token_texts, tokenize

Run = Callable[[Pieces, Pieces], Floats]  # pieces and cases to the log of the probability of each tag

_BATCH = 4096  # pieces
# The least of the probabilities of the tags of a name's words, and the share of such names that were right in text that
# the encoder was not trained on: it is surer of itself than it should be.
_LEAST = (0.0, 0.42, 0.65, 0.76, 0.86, 0.93, 0.968, 0.986, 0.995, 1.0)
_RIGHT = (0.25, 0.4, 0.48, 0.56, 0.72, 0.76, 0.84, 0.9, 0.95, 0.97)


class EncoderRecogniser:
    """Names in English text by a fine-tuned encoder; a word's tag is read at its first piece.

    Scores are calibrated: of the names with a score of .8, eight in ten are right, bounds and type.
    """

    def __init__(self, reader: WordReader, run: Run) -> None:
        self._reader = reader
        self._run = run
        self._transitions = forbid(np.zeros((TAGS, TAGS), np.float32))

    def find(self, text: BatchText, known: Hits, fields: Flags) -> Spans:
        """The spans in the fields whose flag is true. The gazetteer's hits are no evidence here."""
        tokens = tokenize(text, fields)
        chances = self.weigh(text, tokens)
        tags = best_tags(chances, tokens.sentences, self._transitions)
        return _to_spans(tokens, tags, chances)

    def weigh(self, text: BatchText, tokens: Tokens) -> Floats:
        """The log of the probability of each tag, of shape (tokens, TAGS)."""
        words = self._reader.read(token_texts(text, tokens))
        windows = cut_windows(words, tokens.sentences)
        chances = np.zeros((len(tokens.start), TAGS), np.float32)
        rows = text.rows_at(tokens.start[windows[:-1]])
        # The int8 scale is of a whole batch: with other rows in it, what a row is given would depend on them.
        for chosen in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows)) + 1):
            for batch in batch_windows(words, windows, chosen, _BATCH):
                chances[batch.words] = self._run(batch.pieces, batch.cases)[batch.row, batch.column]
        return chances


def _to_spans(tokens: Tokens, tags: Int8s, chances: Floats) -> Spans:
    """A span for each begin and what continues it."""
    named = np.flatnonzero(tags)
    begins = np.flatnonzero(tags[named] % 2 == 1)
    ends: Ints = np.append(begins[1:], len(named))[: len(begins)]
    first, last = named[begins], named[ends - 1]
    likely = np.exp(chances[named, tags[named]])
    least = np.minimum.reduceat(likely, begins) if len(begins) else likely
    kinds = (tags[first] // 2).astype(np.int8)
    score = np.interp(least, _LEAST, _RIGHT).astype(np.float32)
    return Spans(tokens.start[first], tokens.end[last], kinds, score)


def open_recogniser(folder: Path) -> EncoderRecogniser:
    """The recogniser of the model in a folder. Raises UsageError for a file that is no model."""
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a worker is a process for one core
    try:
        session = InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
    except InvalidProtobuf as error:
        raise UsageError(f"--entities accurate: {folder / MODEL} is no whole model; {BUILD} builds it") from error
    return EncoderRecogniser(
        WordReader(folder / VOCABULARY),
        lambda pieces, cases: session.run(None, {"pieces": pieces, "cases": cases})[0],
    )
