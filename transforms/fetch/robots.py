"""robots.txt (RFC 9309): what a host lets programs ask for, and how often."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from protego import Protego

from schemas.errors import AddressRefused, BadRecord, DisallowedByRobots, FetchFailed
from transforms.fetch.http import Answer, Request, fetch
from transforms.fetch.settings import FetchSettings

PRODUCT = "dateline"  # the name that rules are looked up by; it starts the User-Agent header
_BYTES = 512_000  # RFC 9309, 2.5: a parser reads 500 KiB or more
_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_AGENT_LINE = re.compile(r"\s*user[-\s]*agent\s*:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of an origin; or why they could not be had, and then nothing may be asked for."""

    rules: Protego
    failure: BadRecord | None = None

    def check(self, url: str) -> None:
        """Raise DisallowedByRobots where the rules forbid the URL, FetchFailed where there are none to be had, and
        AddressRefused where they may not be asked for."""
        if self.failure:
            reason = AddressRefused if isinstance(self.failure, AddressRefused) else FetchFailed
            raise reason(f"its host's rules could not be read: {self.failure}")
        if not self.rules.can_fetch(url, PRODUCT):
            raise DisallowedByRobots(f"robots.txt forbids {url[:200]}")

    @property
    def delay(self) -> float:
        """The seconds between two requests that Crawl-delay asks for; 0 where it does not."""
        return self.rules.crawl_delay(PRODUCT) or 0.0


def fetch_robots(url: str, settings: FetchSettings) -> Robots:
    """The rules for the origin of `url`, as its robots.txt gives them now."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}/robots.txt"
    try:
        bounds = replace(settings, size_limit=_BYTES, redirects=_REDIRECTS, total_s=settings.read_s)
        return read_robots(fetch(Request(address, address, accept="text/plain, */*;q=0.5"), bounds))
    except BadRecord as error:
        return Robots(Protego(), error)


def read_robots(answer: Answer) -> Robots:
    """The rules in an answer. No robots.txt (4xx) allows all; a server in trouble (5xx, 429) nothing."""
    if answer.status >= 500 or answer.status == 429:
        return Robots(Protego(), FetchFailed(f"HTTP {answer.status} at {answer.url[:200]}"))
    text = answer.data.decode("utf-8-sig", "replace")
    return Robots(Protego.parse("\n".join(map(_for_us_or_others, text.splitlines()))))


def _for_us_or_others(line: str) -> str:
    """The line; one that names another program names the same one each time.

    Protego keeps every rule for each program of its group, so that thousands of both would take gigabytes.
    """
    match = _AGENT_LINE.match(line)
    if not match:
        return line
    name = line[match.end() :].partition("#")[0].partition("/")[0].strip().lower()
    return f"User-agent: {name if name in ('*', PRODUCT) else 'others'}"
