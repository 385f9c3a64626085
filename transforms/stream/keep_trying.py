"""What fails because of a disk or a network is tried again: a stream outlives a minute without either."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from schemas.errors import DatasetBusy, DatelineError

T = TypeVar("T")

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
PATIENCE_S = 600.0

_log = logging.getLogger(__name__)


def keep_trying(work: Callable[[], T]) -> T:
    """What `work` gives; where an OSError is at the bottom of a failure, it is tried again for ten minutes.

    A dataset's lock is waited for as long as it is held. Raises what the last attempt raised.
    """
    wait, end = FIRST_WAIT_S, time.monotonic() + PATIENCE_S
    while True:
        try:
            return work()
        except DatasetBusy as error:  # no dead process holds a lock
            _log.warning("%s; waiting on", error)
            end = time.monotonic() + PATIENCE_S
        except (OSError, DatelineError) as error:
            if not _is_outside(error) or time.monotonic() + wait > end:
                raise
            _log.warning("%s; trying again in %g s", error, wait)
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT_S)


def _is_outside(error: OSError | DatelineError) -> bool:
    return isinstance(error, OSError) or isinstance(error.__cause__, OSError)
