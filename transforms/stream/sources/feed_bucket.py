"""The feeds of some hosts, polled at ticks: what has ended since the last one is delivered, what is due is asked."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock

from schemas.errors import BadRecord
from schemas.records import Document, FeedState
from transforms.fetch.feeds import Feed
from transforms.fetch.outcomes import Polled, address_of, current_state, settle
from transforms.fetch.schedules import NEVER, next_poll
from transforms.fetch.settings import FetchSettings
from transforms.stream.sources.feed_cursors import pack_states, unpack_states
from transforms.stream.sources.feed_requests import FeedRequest, FeedRequests

States = dict[str, FeedState]


@dataclass(slots=True)
class Delivery:
    """What a tick brings of a bucket. `cursor` is what the runner is to keep; None where nothing has changed."""

    documents: list[Document] = field(default_factory=list)
    states: list[FeedState] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    cursor: bytes | None = None


class FeedBucket:
    """What a process knows of a bucket: its feeds' states as the runner keeps them, and the requests under way.

    It is a cache: what is lost with the process is asked again.
    """

    def __init__(
        self,
        feeds: Iterable[Feed],
        settings: FetchSettings,
        requests: FeedRequests,
        stored: Callable[[], States],  # what the dataset knows of feeds
    ) -> None:
        self._feeds = {feed.url: feed for feed in feeds}
        self._settings = settings
        self._requests = requests
        self._stored = stored
        self._lock = Lock()  # Prism may run two bundles of a key at once
        self._cursor: bytes | None = b""  # no cursor is empty
        self._states: States = {}
        self._pending: dict[str, FeedRequest] = {}
        self._due_at = 0  # when a feed that is not pending is due

    def tick(self, cursor: bytes | None, now: int) -> Delivery:
        """Deliver what has ended and ask what is due; `now` is the wall clock, in microseconds since the epoch.

        `cursor` is what the runner keeps; where it is not what this process knows, it counts.
        """
        with self._lock:
            if cursor != self._cursor:
                self._load(cursor)
            self._requests.check()
            delivery = self._deliver(now)
            if now >= self._due_at and not self._requests.is_stopping:
                self._ask_due(now)
            return delivery

    def forget(self) -> None:
        """Give up what is under way, for a bucket that another process has now."""
        self._requests.let_go(self._pending.values())

    def _load(self, cursor: bytes | None) -> None:
        kept = unpack_states(cursor) if cursor else {}
        stored = self._stored() if self._feeds.keys() - kept.keys() else {}
        known = stored | kept
        self._states = {url: known[url] for url in self._feeds if url in known}
        self._cursor = cursor
        self._due_at = self._next_due()

    def _deliver(self, now: int) -> Delivery:
        delivery = Delivery()
        for polled in self._polled(now):
            if polled.document:
                delivery.documents.append(polled.document)
            if polled.state:
                delivery.states.append(polled.state)
            delivery.counts.update(("feeds_polled", f"feeds_{polled.outcome}"))
        if delivery.states:
            self._states |= {state.url: state for state in delivery.states}
            delivery.cursor = self._cursor = pack_states(self._states.values())
            self._due_at = self._next_due()
        return delivery

    def _polled(self, now: int) -> Iterator[Polled]:
        ended = [(request, request.result) for request in self._pending.values() if request.result is not None]
        self._requests.let_go(request for request, _ in ended)
        for request, result in ended:
            del self._pending[request.feed.url]
            if isinstance(result, Exception) and not isinstance(result, BadRecord):
                raise result
            if request.known == self._states.get(request.feed.url):
                yield settle(request.feed, request.state, result, now, self._settings)
            else:
                self._due_at = 0

    def _ask_due(self, now: int) -> None:
        due = [url for url in self._feeds if url not in self._pending and self._next_poll(url) <= now]
        requests = [self._request(self._feeds[url], self._states.get(url)) for url in due]
        self._pending |= {request.feed.url: request for request in requests}
        self._requests.add(requests)
        self._due_at = self._next_due()

    def _request(self, feed: Feed, known: FeedState | None) -> FeedRequest:
        state = current_state(feed, known, self._settings.full_text)
        return FeedRequest(address_of(state), feed=feed, state=state, known=known)

    def _next_due(self) -> int:
        return min((self._next_poll(url) for url in self._feeds if url not in self._pending), default=NEVER)

    def _next_poll(self, url: str) -> int:
        known = self._states.get(url)
        return next_poll(known, self._settings.poll_every_s) if known else 0
