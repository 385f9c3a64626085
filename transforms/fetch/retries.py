"""Which failures pass, and how long to wait before another attempt."""

import random
import socket
import ssl

import httpcore

from schemas.errors import BadRecord
from transforms.fetch.http import Answer
from transforms.fetch.schedules import retry_after
from transforms.fetch.settings import FetchSettings

_PASSING_STATUSES = (408, 500, 502, 503, 504)
_LONGEST_WAIT = 10  # seconds; who asks for more is left for another poll


def wait_before_retry(result: Answer | BadRecord, attempts: int, read_at: int, settings: FetchSettings) -> float | None:
    """Seconds until another attempt in this poll, after so many; None where none would help."""
    if attempts >= settings.attempts or not _is_passing(result):
        return None
    asked = retry_after(read_at, result.headers) if isinstance(result, Answer) else None
    if asked is not None:
        return asked if asked <= _LONGEST_WAIT else None
    return settings.backoff_s * random.uniform(0.5, 1) * float(2 ** (attempts - 1))


def _is_passing(result: Answer | BadRecord) -> bool:
    if isinstance(result, Answer):
        return result.status in _PASSING_STATUSES or (result.status == 429 and "retry-after" in result.headers)
    error = result.__cause__
    # Who kept us waiting once is not waited for again: time limits are no reason for another attempt.
    if not isinstance(error, httpcore.NetworkError | httpcore.RemoteProtocolError):
        return False
    cause = error.__cause__
    if isinstance(cause, socket.gaierror):
        return cause.errno == socket.EAI_AGAIN
    return not isinstance(cause, ssl.SSLCertVerificationError | UnicodeError)
