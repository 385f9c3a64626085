"""How a stream is told to end: by a file in its dataset, which every source looks for."""

import logging
import time
from functools import lru_cache

from apache_beam.io.filesystems import FileSystems

from transforms.write import files

_LOOK_S = 1
_log = logging.getLogger(__name__)


def stop_path(output: str) -> str:
    """The file whose presence stops all polling."""
    return f"{output}/_stream/stop"


def ask_to_stop(output: str) -> None:
    """Ends all polling within a second or two; what is under way is still delivered and committed."""
    files.make_folder(f"{output}/_stream")
    files.touch(stop_path(output))


def allow_start(output: str) -> None:
    """Takes back what `ask_to_stop` asked for."""
    if FileSystems.exists(stop_path(output)):
        files.remove([stop_path(output)])


def is_stopping(output: str) -> bool:
    """Whether sources should poll no more; looked up once a second in a process."""
    return _look(output, int(time.monotonic()) // _LOOK_S)


@lru_cache(maxsize=4)
def _look(output: str, second: int) -> bool:
    try:
        return bool(FileSystems.exists(stop_path(output)))
    except OSError as error:  # a bucket that cannot be reached for a moment ends no stream
        _log.warning("%s cannot be looked up, and will be tried again: %s", stop_path(output), error)
        return False
