"""Errors. The name of a `BadRecord` is the reason an operator reads in the rejects table."""

from typing import Protocol


class DatelineError(Exception):
    """An error that ends a run: its message names the value at fault."""


class UsageError(DatelineError):
    """An option, an input or an output that cannot be used; found before anything runs (exit code 2)."""


class DatasetError(DatelineError):
    """A stored dataset that cannot be trusted; the run refuses rather than adding to it."""


class NewerSchema(DatasetError):
    """A stored file that a later version of Dateline has written."""


class DatasetBusy(DatelineError):
    """A dataset that another process is changing, for longer than this one was to wait."""


class Overlapped(DatelineError):
    """A run that another one has overtaken: what it judged to be new is stored by now; it is run again."""


class AlreadyCommitted(DatelineError):
    """A run id that has committed before; it adds nothing a second time."""


class BadRecord(Exception):
    """One input that cannot be used. It becomes a reject; the run goes on."""

    def __repr__(self) -> str:
        """The message alone: Beam's error handler passes on the repr, and it becomes the reject's detail."""
        return str(self)


class FetchFailed(BadRecord):
    """A feed or page could not be fetched: the connection, the status or the time limit."""


class AddressRefused(BadRecord):
    """A URL that leads to a private, local or otherwise forbidden address, or uses another scheme."""


class DisallowedByRobots(BadRecord):
    """A page that its host's robots.txt keeps programs from."""


class PageRefused(BadRecord):
    """A page that its server does not give: sign-in needed, forbidden, not found or gone."""


class NotAPage(BadRecord):
    """A link that leads to something else than HTML."""


class NoFullText(BadRecord):
    """A page without more text than its entry has, or with the text of something else."""


class UnreadableFile(BadRecord):
    """A file that cannot be opened or unpacked."""


class MessagesExpired(BadRecord):
    """Messages of a topic that were deleted before they were read; one reject names the first and the last."""


class DamagedRecord(BadRecord):
    """A record of a web archive that cannot be read; those around it are."""


class TooLarge(BadRecord):
    """A document, an unpacked stream, an entry or a line over its size limit."""


class TooComplex(BadRecord):
    """A document nested too deep, with too many attributes, or with entity definitions."""


class TooManyEntries(BadRecord):
    """The entries of a feed past its limit; one reject says how many."""


class EmptyDocument(BadRecord):
    """A document of no bytes, or of white space alone."""


class NotText(BadRecord):
    """Binary content."""


class NotAFeed(BadRecord):
    """A document fetched as a feed, or shaped like one, that holds no feed."""


class Malformed(BadRecord):
    """A document of a known format that does not parse."""


class FeedList(BadRecord):
    """A list of feeds where articles were expected; it belongs to `--feeds`."""


class SitemapIndex(BadRecord):
    """A list of sitemaps where articles were expected."""


class NotANewsSitemap(BadRecord):
    """Pages that a sitemap lists without the titles of articles."""


class EmptyArticle(BadRecord):
    """An entry with neither a title nor a text, or none left after cleaning."""


class LanguageNotWanted(BadRecord):
    """An article in a language that `--languages` leaves out."""


class _Failable(Protocol):
    @property
    def failure(self) -> str: ...
    @property
    def detail(self) -> str: ...


def raise_failure(record: _Failable) -> None:
    """Raise the `BadRecord` that a Document or Entry names as its failure; do nothing where it names none.

    Raises ValueError for a name that is no `BadRecord`.
    """
    if not record.failure:
        return
    for reason in BadRecord.__subclasses__():
        if reason.__name__ == record.failure:
            raise reason(record.detail)
    raise ValueError(f"no BadRecord is named {record.failure!r}")
