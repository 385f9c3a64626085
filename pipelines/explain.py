"""Why an article has its topics, as lines to print."""

import time
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import BadRecord, UsageError
from schemas.records import Document
from schemas.tables import ARTICLES
from transforms.check import require_dataset
from transforms.clean import CleanSettings, to_article
from transforms.parse import parse_document
from transforms.tag.topics.explain import Explained, explain
from transforms.tag.topics.tagger import ARTICLE, load_topic_tagger
from transforms.write.stored import list_files, read_stored

_ID = pc.field("article_id")
_MOST = 10  # reasons of a topic that are shown


def explain_stored(output: str, article_id: str) -> list[Explained]:
    """The topics of the last version of a stored article, by the model of today.

    Raises:
        UsageError: there is no dataset, or it has no such article.
        DatasetError: a stored file cannot be read.
    """
    require_dataset(output)
    columns = ["article_id", "version", *ARTICLE.names]
    found = [path for path in list_files(output, ARTICLES.name) if _holds(path, article_id)]
    rows = [row for path in found for row in read_stored(path, columns).filter(article_id == _ID).to_pylist()]
    if not rows:
        raise UsageError(f"{output} has no article {article_id!r}")
    return _explain(max(rows, key=lambda row: row["version"]))


def _holds(path: str, article_id: str) -> bool:
    return bool(read_stored(path, ["article_id"]).filter(article_id == _ID).num_rows)


def explain_file(path: str) -> list[Explained]:
    """The topics of the first article in a file, read and cleaned as `dateline ingest` does.

    Raises UsageError where it cannot be read, or holds no article.
    """
    try:
        with open(path, "rb") as file:
            document = Document(path, file.read(), time.time_ns() // 1000)
        entry = next(iter(parse_document(document)), None)
        if entry is None:
            raise UsageError(f"{path} holds no article")
        article = to_article(entry, CleanSettings())
    except (OSError, BadRecord) as error:
        raise UsageError(f"{path}: {error}") from error
    return _explain({name: getattr(article, name) for name in ARTICLE.names})


def _explain(row: dict[str, Any]) -> list[Explained]:
    batch = pa.RecordBatch.from_pylist([{name: row[name] for name in ARTICLE.names}], ARTICLE)
    return explain(batch, load_topic_tagger())


def explained_lines(topics: list[Explained]) -> Iterator[str]:
    """Each topic with its score, and under it what spoke for it and against it."""
    if not topics:
        yield "No topic is likely enough, or the text is not English"
    for topic in topics:
        yield f"{topic.score:.2f}  {topic.name}  {topic.id}"
        for reason in topic.reasons[:_MOST]:
            yield f"      {reason.logits:+.2f}  {reason.what}"
        others = topic.reasons[_MOST:]
        if others:
            yield f"      {sum(reason.logits for reason in others):+.2f}  ({len(others)} more)"
        yield f"      {topic.bias:+.2f}  (before any word)"
