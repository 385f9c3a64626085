"""Entries with the full texts of the pages that they link to."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.errors import AddressRefused, BadRecord, FetchFailed
from schemas.keys import EXACT
from schemas.records import Document, Entry
from transforms.deduplicate.stored.remembered import EXACT_ROWS, KeyFiles, remember, to_table
from transforms.fetch.http import Answer
from transforms.fetch.pages import fetch_pages, page_settings
from transforms.fetch.settings import FetchSettings
from transforms.fetch.urls import host_of
from transforms.full_text.entries import page_address, page_key, take_full_text, without_page
from transforms.parse import Profile
from transforms.parse.page.entry import read_page
from transforms.progress import note
from transforms.write.write_table import Group

# Why a page may be there at another time; it is asked for again. Other reasons are remembered, as success is.
_PASSING = (FetchFailed, AddressRefused)


@dataclass(frozen=True)
class PageSettings:
    """How pages are fetched and read, which have been asked for already, the run's clock, where to note progress."""

    fetch: FetchSettings
    keys: KeyFiles
    read_at: int
    staging: str
    groups: int = 1
    profile: Profile = "accurate"


class EntriesWithPages(NamedTuple):
    """What `FetchPages` gives.

    Every entry; rows of exact keys of the pages that need not be asked for again; the pages as they came, each with
    the address that was asked for as its source; the sources of entries whose page may be had another time.
    """

    entries: PCollection[Entry]
    exact: PCollection[Group]
    pages: PCollection[Document]
    missed: PCollection[str]


class FetchPages(beam.PTransform[PCollection[Entry], EntriesWithPages]):
    """Give entries without a full text that of the page they link to; all others pass through.

    All pages of a host are in one of `groups` groups; groups are fetched in parallel, share the threads, and
    have the deadline each to itself. An entry whose page cannot be had keeps the feed's text and is flagged.
    """

    def __init__(self, settings: PageSettings) -> None:
        super().__init__()
        threads = max(settings.fetch.threads // settings.groups, 1)
        self._settings = replace(settings, fetch=replace(page_settings(settings.fetch), threads=threads))

    def expand(self, entries: PCollection[Entry]) -> Any:  # Beam warns of any type here but a PCollection
        """Group by host, so that no host is asked by two workers at once."""
        settings = self._settings
        chosen = entries | "Choose" >> beam.ParDo(_ChooseEntries(settings)).with_outputs("wanting", main="others")
        fetched = (
            chosen.wanting
            | "GroupByHost" >> beam.GroupByKey()
            | "Fetch" >> beam.ParDo(_FetchGroup(settings)).with_outputs("exact", "pages", "missed", main="entries")
        )
        # Redistributed: Flink would run all that follows twice, and count only one of the two.
        entries = (chosen.others, fetched.entries) | "AllEntries" >> beam.Flatten()
        return EntriesWithPages(
            entries | "SpreadEntries" >> beam.Reshuffle(), fetched.exact, fetched.pages, fetched.missed
        )


class _ChooseEntries(beam.DoFn):
    """Entries that want a page, by group; the others as they are."""

    def __init__(self, settings: PageSettings) -> None:
        self._settings = settings
        self._known = Metrics.counter("dateline", "pages_known")

    def process(self, entry: Entry) -> Iterator[Entry | TaggedOutput[Literal["wanting"], tuple[int, Entry]]]:
        address = page_address(entry)
        if not address:
            yield entry
        elif remember(self._settings.keys).has(np.array([page_key(entry)], np.uint64))[0]:
            self._known.inc()
            yield entry
        else:
            group = zlib.crc32(host_of(address).encode()) % self._settings.groups
            yield TaggedOutput("wanting", (group, entry))


_Fetched = Entry | TaggedOutput[Literal["exact", "pages", "missed"], Any]


class _FetchGroup(beam.DoFn):
    """Entries with what their pages give, and the pages; at the end the keys to remember, and what was missed."""

    def __init__(self, settings: PageSettings) -> None:
        self._settings = settings

    def process(self, group: tuple[int, Iterable[Entry]]) -> Iterator[_Fetched]:
        waiting: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in group[1]:
            waiting[page_address(entry)].append(entry)
        settled: list[int] = []
        missed: set[str] = set()
        for address, result in fetch_pages(list(waiting), self._settings.fetch, self._settings.read_at):
            note(self._settings.staging, pages=1)
            fetched = _document(address, result, self._settings.read_at)
            if isinstance(fetched, Document):
                yield TaggedOutput("pages", fetched)
            page = _read(fetched, self._settings.profile)
            for entry in waiting.pop(address):
                done, is_settled = _finish(entry, page)
                if is_settled:
                    settled.append(page_key(entry))
                else:
                    missed.add(entry.source)
                yield done
        for source in sorted(missed):
            yield TaggedOutput("missed", source)
        if settled:
            yield TaggedOutput("exact", (("", f"pages{group[0]}", 0), _key_rows(settled)))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as an entry, and the address that it came from in the end."""

    entry: Entry
    address: str


def _document(address: str, result: Answer | BadRecord, read_at: int) -> Document | BadRecord:
    if isinstance(result, BadRecord):
        return result
    media_type = result.headers.get("content-type", "")[:200]
    return Document(source=address, data=result.data, read_at=read_at, url=result.url, media_type=media_type)


def _read(document: Document | BadRecord, profile: Profile) -> _Page | BadRecord:
    if isinstance(document, BadRecord):
        return document
    try:
        return _Page(read_page(document, profile), document.url)
    except BadRecord as error:
        return error


def _finish(entry: Entry, page: _Page | BadRecord) -> tuple[Entry, bool]:
    """The entry with what its page gives, and whether the page need not be asked for again."""
    try:
        if isinstance(page, BadRecord):
            raise page
        done = take_full_text(entry, page.entry, page.address)
    except BadRecord as error:
        passing = isinstance(error, _PASSING)
        _count("pages_unavailable")
        _count(f"pages_unavailable_{type(error).__name__}")
        if passing:
            _count("pages_failed")
        return without_page(entry), not passing
    _count("pages_fetched")
    return done, True


def _count(name: str) -> None:
    Metrics.counter("dateline", name).inc()


def _key_rows(keys: list[int]) -> Any:
    rows = np.zeros(len(keys), EXACT_ROWS)
    rows["key"] = keys
    return to_table(rows, EXACT)
