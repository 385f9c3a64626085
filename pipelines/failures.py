"""Failures that are nobody's bug, told in one line: a full disk, an interruption, a stored file that is damaged."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError, DatelineError, NewerSchema
from transforms.write.intent import intent_path
from transforms.write.run import Run

# Beam hands on what a step raised as the text of a traceback.
_RAISED = re.compile(
    r"^(?:\w+\.)*(?:(\w+Error(?=: \[Errno )|DatasetError|NewerSchema)|(KeyboardInterrupt))\b(?:: (.*))?", re.M
)

_KINDS = {kind.__name__: kind for kind in (DatasetError, NewerSchema)}


def readable_failures(run: Run) -> AbstractContextManager[None]:
    """As `readable`, saying what became of a run."""
    return readable(partial(_fate, run))


@contextmanager
def readable(fate: Callable[[], str]) -> Iterator[None]:
    """Turn an OSError or DatasetError, raised here or in a step, into a DatelineError with the fate of the work.

    KeyboardInterrupt stays one, also where Beam wrapped it. Anything else is a bug and passes through.
    """
    try:
        yield
    except OSError as error:
        raise DatelineError(f"{error}; {fate()}") from error
    except RuntimeError as error:
        raised = list(_RAISED.finditer(str(error)))
        if not raised:
            raise
        if raised[-1][2]:
            raise KeyboardInterrupt from error
        kind = _KINDS.get(raised[-1][1], DatelineError)
        raise kind(f"{raised[-1][3]}; {fate()}") from error


def _fate(run: Run) -> str:
    if FileSystems.exists(intent_path(run.staging)):
        return f"run {run.run_id} was decided, and the next run completes it"
    return "nothing was added"
