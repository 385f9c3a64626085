"""Entries with the full texts of the pages that were kept with them."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput

from schemas.errors import BadRecord, raise_failure
from schemas.records import Document, Entry
from transforms.full_text.entries import page_address, take_full_text
from transforms.parse import Profile
from transforms.parse.page.entry import read_page
from transforms.reclean.kept import Kept, read_kept


class JoinPages(beam.PTransform[PCollection[Entry], PCollection[Entry]]):
    """Give each entry the text of the latest kept page of its link, where there is one, as `FetchPages` does.

    `pages` are (address, Kept), all captures of all pages.
    """

    def __init__(self, pages: PCollection[tuple[str, Kept]], now: int, profile: Profile) -> None:
        super().__init__()
        self._pages = pages
        self._now = now
        self._profile = profile

    def expand(self, entries: PCollection[Entry]) -> PCollection[Entry]:
        """Only entries that want a page are grouped with pages."""
        chosen = entries | "Choose" >> beam.ParDo(_choose).with_outputs("wanting", main="others")
        joined = (
            {"entries": chosen.wanting, "pages": self._pages}
            | "GroupByAddress" >> beam.CoGroupByKey()
            | "Join" >> beam.FlatMap(join_page, self._now, self._profile)
        )
        both: PCollection[Entry] = (chosen.others, joined) | "AllEntries" >> beam.Flatten()
        return both


def _choose(entry: Entry) -> Iterator[Entry | TaggedOutput[Literal["wanting"], tuple[str, Entry]]]:
    address = page_address(entry)
    yield TaggedOutput("wanting", (address, entry)) if address else entry


def join_page(group: tuple[str, dict[str, Iterable[Any]]], now: int, profile: Profile) -> Iterator[Entry]:
    """The entries of a page's address, with the text of its latest capture where that is usable."""
    captures = list(group[1]["pages"])
    if not captures:
        yield from group[1]["entries"]
        return
    document = read_kept(max(captures), now)
    page = _read(document, profile)
    for entry in group[1]["entries"]:
        yield _with_page(entry, page, document.url) if page else entry


def _read(document: Document, profile: Profile) -> Entry | None:
    """The page, read once for all entries that link to it; None where it cannot be used."""
    try:
        raise_failure(document)
        return read_page(document, profile)
    except BadRecord:  # the entries keep the feed's text, as when the page was fetched
        return None


def _with_page(entry: Entry, page: Entry, address: str) -> Entry:
    try:
        return take_full_text(entry, page, address)
    except BadRecord:  # as above: it is no page of this entry
        return entry
