"""What bounds a poll: time, size, manners, and which addresses may be reached."""

import functools
from dataclasses import dataclass, field
from importlib.metadata import version

from schemas.errors import UsageError

EVERYWHERE = ("0.0.0.0/0", "::/0")  # the value of `allowed` for `--allow_private`


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Times are seconds, sizes bytes. The defaults suit a poll of thousands of feeds every 15 minutes."""

    contact: str = ""  # a URL or an address for the people whose servers are asked
    allowed: tuple[str, ...] = ()  # networks (CIDR) that may be reached although they are not public
    proxy: str = field(default="", repr=False)  # to ask through; empty: as the environment says
    connect_s: float = 10
    read_s: float = 20  # the longest silence
    total_s: float = 60  # one feed, redirects and body included
    deadline_s: float = 600  # the whole poll
    size_limit: int = 16 * 2**20  # of a body, unpacked
    redirects: int = 10
    threads: int = 128  # most of them wait for servers that hang
    per_host: int = 2
    delay_s: float = 0  # between requests for pages to a host
    longest_delay_s: float = 30  # the most that a host's Crawl-delay is heeded
    poll_every_s: float = 60  # the shortest time between two polls of a feed, where they have no end
    failed_s: float = 600  # until a feed that failed is polled again, under a quarter of an hour; doubled each time
    attempts: int = 3  # in a poll
    backoff_s: float = 1  # before the second attempt; doubled before each later one
    poll_gone: bool = False  # whether feeds that are gone are asked, too
    full_text: bool = False  # whether the pages of entries are wanted: a feed is read again until all were asked for


@functools.cache
def user_agent(contact: str) -> str:
    """The User-Agent header: the project, its version and, where given, whom to tell about trouble.

    Raises UsageError for a contact that cannot stand in a header.
    """
    if not (contact.isascii() and contact.isprintable()) or "(" in contact or ")" in contact:
        raise UsageError(f"--contact {contact!r}: a user agent holds printable ASCII, without parentheses")
    name = f"Dateline/{version('dateline')}"
    return f"{name} (+{contact})" if contact else name
