"""What was kept, to entries: each as its latest capture gives it, with the page that was kept for it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput

from schemas.records import Document, Entry
from transforms.parse import Profile
from transforms.reclean.kept import list_kept
from transforms.reclean.latest import ParseLatest
from transforms.reclean.pages import JoinPages


class Recalled(NamedTuple):
    """What `Recall` gives: entries, and the documents that do not parse, for the Parse step to say why."""

    entries: PCollection[Entry]
    unread: PCollection[Document]


class Recall(beam.PTransform[PBegin, Recalled]):
    """Read raw files: `root | Recall(...)`. First a list of all captures, then each feed's, newest first.

    Only places in files are grouped, never bytes. `now` is the run's clock.
    """

    def __init__(self, paths: list[str], staging: str, now: int, profile: Profile = "accurate") -> None:
        super().__init__()
        self._paths = paths
        self._staging = staging
        self._now = now
        self._profile = profile

    def expand(self, root: PBegin) -> Any:  # Beam warns of any type here but a PCollection
        """`root` is the pipeline."""
        listed = (
            root
            | "ListFiles" >> beam.Create(self._paths, reshuffle=False)
            | "SpreadFiles" >> beam.Reshuffle()
            | "ListCaptures" >> beam.ParDo(_list, self._now).with_outputs("pages", "unread", main="feeds")
        )
        parsed = (
            listed.feeds
            | "GroupByFeed" >> beam.GroupByKey()
            | "ParseLatest" >> beam.ParDo(ParseLatest(self._staging, self._now)).with_outputs("unread", main="entries")
        )
        entries = parsed.entries | "JoinPages" >> JoinPages(listed.pages, self._now, self._profile)
        return Recalled(entries, (listed.unread, parsed.unread) | "AllUnread" >> beam.Flatten())


def _list(path: str, now: int) -> Iterator[Any]:
    for document, kept in list_kept(path, now):
        if document.failure:
            yield TaggedOutput("unread", document)
        elif document.is_feed:
            yield document.source, kept
        else:
            yield TaggedOutput("pages", (document.source, kept))
