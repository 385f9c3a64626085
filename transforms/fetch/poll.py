"""A poll of many feeds: who is asked, and what that comes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from schemas.errors import FetchFailed
from schemas.records import FeedState
from transforms.fetch.ask import Round, ask_all
from transforms.fetch.feeds import Feed
from transforms.fetch.headers import own_headers
from transforms.fetch.http import Answer, Request, TakeTurn, fetch
from transforms.fetch.outcomes import Polled, address_of, current_state, overdue, settle
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import HostTurns, Task


@dataclass(slots=True, eq=False, kw_only=True)
class FeedTask(Task):
    """A feed to ask in this poll."""

    feed: Feed
    state: FeedState


def poll(feeds: Iterable[tuple[Feed, FeedState | None]], read_at: int, settings: FetchSettings) -> Iterator[Polled]:
    """Ask each feed that is due; one outcome for each feed, as they come.

    `read_at` is the run's clock (microseconds): what is due is judged by it and rows carry it. Time limits
    and waits go by the machine's. When `settings.deadline_s` is over the rest fails. What was polled longest
    ago is asked first. What is gone is asked only where `settings.poll_gone` says so, and then at once.
    """
    tasks = []
    for feed, state in feeds:
        is_gone = state is not None and state.gone_at is not None
        if not feed.off and is_gone and not settings.poll_gone:
            yield Polled("gone", None, state)
        elif feed.off or (state and not is_gone and (state.next_poll_at or 0) > read_at):
            yield Polled("skipped", None, state)
        else:
            tasks.append(FeedTask(feed.url, feed=feed, state=current_state(feed, state, settings.full_text)))
    tasks.sort(key=lambda task: task.state.last_fetched_at or 0)
    ask = partial(ask_feed, settings=settings, take_turn=HostTurns(settings.per_host).take)
    for task in ask_all(tasks, Round(ask, settings, read_at)):
        if task.last is not None:
            yield settle(task.feed, task.state, task.last, read_at, settings)
        else:
            yield overdue(task.feed, task.state, task.attempts > 0, read_at, settings)


def ask_feed(task: FeedTask, settings: FetchSettings, take_turn: TakeTurn) -> Answer:
    """What the feed's server answers now, asked with the feed's own headers. Raises a BadRecord as `fetch` does."""
    feed, state = task.feed, task.state
    try:
        own = own_headers(feed.headers, feed.secrets, feed.credentials)
    except ValueError as error:
        raise FetchFailed(str(error)) from None
    validators = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    request = Request(
        url=address_of(state),
        home=feed.url,
        validators={name: value for name, value in validators.items() if value},
        own_headers=own,
    )
    return fetch(request, settings, take_turn)
