"""Memory of a process that runs one pipeline after the other."""

import ctypes
import gc
from contextlib import suppress

import pyarrow as pa


def release_memory() -> None:
    """Give what is free back to the system: allocators keep it, in pieces that the next pipeline does not fit into."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
