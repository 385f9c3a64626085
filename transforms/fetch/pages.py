"""Many pages over HTTP, asked for with manners."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.errors import BadRecord, FetchFailed, NotAPage, PageRefused
from transforms.fetch.ask import Round, ask_all
from transforms.fetch.http import Answer, Request, fetch
from transforms.fetch.manners import Manners, is_refusal
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import Task

_HTML = ("text/html", "application/xhtml+xml")
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_BYTES = 5 * 2**20
_DELAY_S = 1


def page_settings(settings: FetchSettings) -> FetchSettings:
    """The settings of a poll, made gentler for pages: one at a time from a host, a second apart, two attempts."""
    return replace(settings, per_host=1, attempts=2, size_limit=_BYTES, delay_s=max(settings.delay_s, _DELAY_S))


def fetch_pages(urls: Iterable[str], settings: FetchSettings, read_at: int) -> Iterator[tuple[str, Answer | BadRecord]]:
    """Each URL with its page, or with why it could not be had, as they come; hosts take turns.

    A FetchFailed or AddressRefused may pass and be worth asking again at another time; other reasons stay.
    """
    manners = Manners(settings)

    def ask(task: Task) -> Answer:
        request = Request(task.url, task.url, accept=_ACCEPT, media_types=_HTML)
        return fetch(request, settings, manners.visit())

    def rest_until(task: Task) -> float:
        if task.last is not None:
            manners.note(task.host, task.last)
        return manners.free_at(task.host)

    for task in ask_all([Task(url) for url in urls], Round(ask, settings, read_at, rest_until)):
        yield task.url, _judge(task, settings)


def _judge(task: Task, settings: FetchSettings) -> Answer | BadRecord:
    answer = task.last
    if answer is None:
        return FetchFailed(f"not had by the deadline ({settings.deadline_s:g} s)")
    if isinstance(answer, BadRecord):
        return answer
    if is_refusal(answer.status):
        return PageRefused(f"HTTP {answer.status} at {answer.url[:200]}")
    if answer.status != 200:
        return FetchFailed(f"HTTP {answer.status} at {answer.url[:200]}")
    kind = answer.media_type
    return answer if not kind or kind in _HTML else NotAPage(f"{kind[:80]} at {answer.url[:200]}")
