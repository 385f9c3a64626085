"""What a poll of a feed comes to: a document or none, and what is known of the feed afterwards."""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from schemas.errors import BadRecord, FetchFailed
from schemas.records import Document, FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.http import Answer
from transforms.fetch.schedules import fresh_until, is_dead, next_attempt
from transforms.fetch.settings import FetchSettings

_LONGEST_VALIDATOR = 1000
_GONE = 410


@dataclass(frozen=True, slots=True)
class Polled:
    """The outcome for one feed. A failure has a document too: it becomes a reject."""

    outcome: Literal["changed", "unchanged", "failed", "skipped", "gone"]
    document: Document | None
    state: FeedState | None  # None for a skipped feed that was never polled


def current_state(feed: Feed, state: FeedState | None, full_text: bool = False) -> FeedState:
    """What was known of the feed, under the names that the list now gives it; or that nothing is known.

    Where full texts are wanted, and pages of its entries are still to be asked for, its validators are left out,
    so that it is read whole.
    """
    if state:
        state = replace(state, title=feed.title, collection=feed.collection)
        return replace(state, etag="", last_modified="") if full_text and not state.full_text else state
    return FeedState(
        url=feed.url,
        title=feed.title,
        collection=feed.collection,
        moved_to="",
        etag="",
        last_modified="",
        body_hash="",
        status=None,
        last_error="",
        failures=0,
        last_fetched_at=None,
        last_ok_at=None,
        last_changed_at=None,
        next_poll_at=None,
        full_text=None,
    )


def address_of(state: FeedState) -> str:
    """Where a poll starts: where the feed has moved to, but after a failure at its own address once more."""
    return state.url if state.failures else state.moved_to or state.url


def settle(feed: Feed, state: FeedState, result: Answer | BadRecord, read_at: int, settings: FetchSettings) -> Polled:
    """The outcome of a poll that ended with an answer, whatever its status, or with an error."""
    if isinstance(result, BadRecord):
        return _failed(feed, state, result, None, read_at, settings)
    if result.status == 200:
        return _delivered(feed, state, result, read_at, settings.full_text)
    if result.status == 304 and (state.etag or state.last_modified):
        return Polled("unchanged", None, _well(state, result, state.body_hash, read_at, settings.full_text))
    meaning = " (the feed is gone)" if _is_gone(state, result) else ""
    error = FetchFailed(f"HTTP {result.status}{meaning} at {result.url[:200]}")
    return _failed(feed, state, error, result, read_at, settings)


def overdue(feed: Feed, state: FeedState, asked: bool, read_at: int, settings: FetchSettings) -> Polled:
    """The outcome for a feed that the poll's deadline cut off; one that was never asked is not to blame."""
    if asked:
        error = FetchFailed(f"no answer by the deadline of the poll ({settings.deadline_s:g} s)")
        return _failed(feed, state, error, None, read_at, settings)
    error = FetchFailed(f"not reached by the deadline of the poll ({settings.deadline_s:g} s)")
    return Polled("failed", _failure(feed, error, read_at), replace(state, last_error=str(error)))


def _delivered(feed: Feed, state: FeedState, answer: Answer, read_at: int, full_text: bool) -> Polled:
    body_hash = hashlib.blake2b(answer.data, digest_size=16).hexdigest()
    after = _well(state, answer, body_hash, read_at, full_text)
    if body_hash != state.body_hash:
        after = replace(after, last_changed_at=read_at)
    elif state.full_text or not full_text:
        return Polled("unchanged", None, after)
    document = Document(
        source=feed.url,
        data=answer.data,
        read_at=read_at,
        url=answer.url,
        media_type=answer.headers.get("content-type", "")[:200],
        is_feed=True,
        collection=feed.collection,
        zone=feed.zone,
    )
    return Polled("changed", document, after)


def _well(state: FeedState, answer: Answer, body_hash: str, read_at: int, full_text: bool) -> FeedState:
    moved_to = answer.moved_to or ("" if address_of(state) == state.url else state.moved_to)
    kept = (state.etag, state.last_modified) if answer.status == 304 else ("", "")
    return replace(
        state,
        moved_to="" if moved_to == state.url else moved_to,
        etag=_validator(answer, "etag") or kept[0],
        last_modified=_validator(answer, "last-modified") or kept[1],
        body_hash=body_hash,
        status=answer.status,
        last_error="",
        failures=0,
        failing_since=None,
        gone_at=None,
        last_fetched_at=read_at,
        last_ok_at=read_at,
        next_poll_at=fresh_until(read_at, answer.headers, answer.data),
        full_text=full_text or None,
    )


def _validator(answer: Answer, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if len(value) <= _LONGEST_VALIDATOR else ""


def _failed(
    feed: Feed, state: FeedState, error: BadRecord, answer: Answer | None, read_at: int, settings: FetchSettings
) -> Polled:
    failures, since = state.failures + 1, state.failing_since or read_at
    is_gone = _is_gone(state, answer) or is_dead(since, failures, read_at)
    gone_at = state.gone_at or (read_at if is_gone else None)
    headers = answer.headers if answer else {}
    after = replace(
        state,
        moved_to=(answer.moved_to if answer else "") or state.moved_to,
        status=answer.status if answer else None,
        last_error=f"{type(error).__name__}: {error}",
        failures=failures,
        failing_since=since,
        gone_at=gone_at,
        last_fetched_at=read_at,
        next_poll_at=None if gone_at else next_attempt(read_at, feed.url, failures, headers, settings.failed_s),
    )
    return Polled("failed", _failure(feed, error, read_at), after)


def _is_gone(state: FeedState, answer: Answer | None) -> bool:
    """Whether the feed's own address says so (RFC 9110, 15.5.11), not only the one that it had moved to."""
    return answer is not None and answer.status == _GONE and address_of(state) == state.url


def _failure(feed: Feed, error: BadRecord, read_at: int) -> Document:
    return Document(
        source=feed.url,
        data=b"",
        read_at=read_at,
        url=feed.url,
        is_feed=True,
        collection=feed.collection,
        zone=feed.zone,
        failure=type(error).__name__,
        detail=str(error),
    )
