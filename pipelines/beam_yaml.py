"""Dateline's steps as transforms of Beam YAML; `deploy/beam_yaml/dateline.yaml` lists them as a provider.

Documents, entries, articles and rejects are rows, with the fields of `schemas.records`: Beam YAML's own transforms may
stand between these.
"""

import time
from dataclasses import fields, replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from schemas import profiles
from schemas.errors import BadRecord
from schemas.records import Article, Document, Entry, FeedState, Reject
from transforms.clean import CleanSettings, to_article
from transforms.deduplicate.stored.remembered import list_key_files, read_forgotten
from transforms.fetch.feed_lists import read_feed_list
from transforms.fetch.feed_states import read_feed_states
from transforms.fetch.fetch_feeds import FetchFeeds
from transforms.fetch.proxies import check_proxies
from transforms.fetch.settings import EVERYWHERE, FetchSettings
from transforms.parse_entries import parse_entries
from transforms.read_documents import ReadDocuments, find_inputs
from transforms.rejects import to_reject
from transforms.stream.commit_windows import CommitWindows
from transforms.stream.count_elements import CountElements
from transforms.stream.parcels import Parcel, wrap
from transforms.stream.settings import StreamSettings
from transforms.stream.stage_articles import StageArticles
from transforms.stream.stage_rejects import StageRejects
from transforms.write.run import check_run_id
from transforms.write.staging import check_output

Outputs = dict[str, PCollection[Any]]
_RECORDS: dict[str, type[Any]] = {"articles": Article, "rejects": Reject, "states": FeedState}  # of WriteDataset


class ReadFeeds(beam.PTransform[PBegin, Outputs]):
    """Poll feeds once, but for forgotten ones; gives `documents`, and `states` for WriteDataset.

    Args:
        feeds: addresses of feeds, and of lists of feeds.
        output: the dataset whose feeds table says when, and how, each is to be asked.
        contact: an address or URL for the user agent.
        allow_private: whether private and loopback addresses may be fetched from.
        proxy: the proxy to fetch through; without it, the one that the workers' environment names, if any.
    """

    def __init__(
        self, feeds: list[str], output: str, contact: str = "", allow_private: bool = False, proxy: str = ""
    ) -> None:
        super().__init__()
        check_proxies(proxy)
        forgotten = read_forgotten(list_key_files(output))
        listed = (feed for location in feeds for feed in read_feed_list(location))
        self._feeds = [feed for feed in listed if not forgotten.has_source(feed.url)]
        self._states = read_feed_states(output)
        self._settings = FetchSettings(contact, EVERYWHERE if allow_private else (), proxy)

    def expand(self, root: PBegin) -> Any:  # Beam warns of any type here but a PCollection
        """`root` is the pipeline."""
        polled = root | FetchFeeds(self._feeds, self._states, self._settings, _now(), "")
        return {"documents": polled.documents, "states": polled.states}


class ReadTexts(beam.PTransform[PBegin, PCollection[Document]]):
    """Read feeds, texts, pages, JSON lines and web archives from files.

    Args:
        inputs: patterns, on any Beam filesystem.
        date_from: `name` or `modified`: what gives no date has its file's.
    """

    def __init__(self, inputs: list[str], date_from: str = "") -> None:
        super().__init__()
        find_inputs(inputs)
        self._read = ReadDocuments(inputs, _now(), date_from=date_from)

    def expand(self, root: PBegin) -> PCollection[Document]:
        """`root` is the pipeline."""
        documents: PCollection[Document] = root | self._read
        return documents


class ParseDocuments(beam.PTransform[PCollection[Document], Outputs]):
    """Parse documents to entries; what cannot be used are rejects.

    Args:
        error_handling: `output` names the rejects.
        page_profile: accurate or fast.
    """

    def __init__(self, error_handling: dict[str, str], page_profile: str = "accurate") -> None:
        super().__init__()
        self._errors = error_handling["output"]
        self._parse = beam.FlatMap(parse_entries, "", page_profile)

    def expand(self, documents: PCollection[Document]) -> Any:
        """Entries, and rejects."""
        return _with_rejects(documents | _restore(Document), self._parse, self._errors)


class CleanEntries(beam.PTransform[PCollection[Any], Outputs]):
    """Clean entries to articles; what cannot be used are rejects.

    Args:
        error_handling: `output` names the rejects.
        languages: codes of the languages to keep; all where there are none.
    """

    def __init__(self, error_handling: dict[str, str], languages: list[str] | None = None) -> None:
        super().__init__()
        self._errors = error_handling["output"]
        self._clean = beam.Map(to_article, CleanSettings(languages=list(languages or [])))

    def expand(self, entries: PCollection[Any]) -> Any:
        """Articles, and rejects."""
        return _with_rejects(entries | _restore(Entry), self._clean, self._errors)


def _restore(kind: type[Any]) -> Any:
    """Records of rows, for Beam's own transforms hand on rows of any class."""
    return "Restore" >> beam.Map(lambda row: _to_record(row, kind)).with_output_types(kind)


def _to_record(row: Any, kind: type[Any]) -> Any:
    return row if isinstance(row, kind) else kind(*(getattr(row, field.name) for field in fields(kind)))


def _with_rejects(given: PCollection[Any], step: Any, errors_name: str) -> Outputs:
    with ErrorHandler("ToReject" >> beam.Map(to_reject)) as errors:
        done = given | "Do" >> step.with_error_handler(errors, exc_class=BadRecord)
    return {"output": done, errors_name: errors.output()}


class WriteDataset(beam.PTransform[Outputs, PCollection[str]]):
    """Deduplicate and tag `articles` and commit them to a dataset, with `rejects` and `states`; gives the runs' ids.

    What has an end is one commit; of what has none there is one each `flush` seconds. A commit is whole or not made.

    Args:
        output: the dataset.
        run_id: what the runs' ids start with.
        entities: fast, accurate, gazetteer, or a model.
        flush: seconds.
    """

    def __init__(self, output: str, run_id: str = "yaml", entities: str = profiles.DEFAULT, flush: int = 300) -> None:
        super().__init__()
        self._settings = StreamSettings(check_output(output), check_run_id(run_id), flush, entities=entities)

    def expand(self, given: Any) -> Any:
        """What has an end is all in the window that ends now; what has none keeps its times."""
        if unknown := given.keys() - _RECORDS:
            raise ValueError(f"WriteDataset takes {', '.join(_RECORDS)}, not {', '.join(sorted(unknown))}")
        has_end = all(rows.is_bounded for rows in given.values())
        settings = replace(self._settings, flush_s=1) if has_end else self._settings
        now_s = int(time.time())
        parcels: list[PCollection[Parcel]] = []
        for name, rows in given.items():
            records = rows | f"Restore {name}" >> _restore(_RECORDS[name])
            if has_end:
                records = records | f"Time {name}" >> beam.Map(TimestampedValue, now_s)
            windowed = records | f"Window {name}" >> beam.WindowInto(FixedWindows(settings.flush_s))
            parcels += windowed | f"Stage {name}" >> _Stage(name, settings)
        return parcels | "AllParcels" >> beam.Flatten() | "Commit" >> CommitWindows(settings)


class _Stage(beam.PTransform[PCollection[Any], tuple[PCollection[Any], ...]]):
    """Parcels of articles, rejects or states, and of how many entries they are."""

    def __init__(self, name: str, settings: StreamSettings) -> None:
        super().__init__()
        self._name, self._settings = name, settings

    def expand(self, rows: PCollection[Any]) -> Any:
        if self._name == "states":
            return (rows | beam.Map(_wrap_state),)
        if self._name == "articles":
            articles, counts = rows | CountElements("reads")
            return counts, articles | StageArticles(self._settings)
        _, counts = rows | beam.Filter(_is_entry) | CountElements("reads")
        return counts, rows | StageRejects(self._settings)


def _is_entry(reject: Reject) -> bool:
    return reject.payload_kind == "entry"  # `StageRejects` counts documents


def _wrap_state(state: FeedState) -> Parcel:
    return wrap("states", [state])


def _now() -> int:
    return time.time_ns() // 1000
