"""A repair of Beam's in-process runner, without which several local processes can lose data."""

import threading
from typing import Any

from apache_beam.runners.portability.fn_api_runner.execution import BundleContextManager

_lock = threading.Lock()
_get_buffer = BundleContextManager.get_buffer


def make_buffers_safe() -> None:
    """Give out the runner's buffers one at a time; calling it again changes nothing.

    In Beam 2.77 a buffer is looked up and, where missing, made without a lock. Two processes that finish their
    first bundles at the same moment then each get one, and what went into the first is gone.
    """
    BundleContextManager.get_buffer = _get_buffer_locked  # type: ignore[method-assign]


def _get_buffer_locked(self: Any, buffer_id: bytes, transform_id: str) -> Any:
    with _lock:
        return _get_buffer(self, buffer_id, transform_id)
