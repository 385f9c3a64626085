"""The tables of a dataset: one fixed Arrow schema for every file of a table."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.dataset as ds

from schemas.columns import ENTITY, KEY_LIST, PLACE, SIGNATURE, STRINGS, TEXT, TIME, TOPIC, column, optional

SCHEMA_VERSION = 3

# The partition key of every dated table. pyarrow reads `date=` folders as strings unless told otherwise.
PARTITIONING = ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive")


@dataclass(frozen=True)
class Table:
    """A table's name (its folder), schema, sort order, and which columns are dictionary-encoded.

    Rows that are equal in the columns of `sort` and `identity` are one row, written twice; a table without an
    `identity` has no such rows.
    """

    name: str
    schema: pa.Schema
    sort: tuple[str, ...]
    dictionary: tuple[str, ...] = ()
    dated: bool = True
    identity: tuple[str, ...] = ()


_PUBLISHED_SOURCE = (
    "where the date came from: entry, updated, page, json, header (of a text or page, or its dateline);"
    " by --date_from, name (of the file) or modified"
)

_SCORE = (
    "Jaccard similarity of the word 3-shingles to those of duplicate_of, estimated (standard error < 0.05) or, near 0.5"
    " or 0.8 within a run, exact; of a summary and its full text the share of the summary that is known to be in it"
)

_KEYS = "hashes of the entry, its URL, guid and text, by which it is known again; 0 for none; null before version 2"

ARTICLES_COLUMNS = [
    column(
        "article_id",
        TEXT,
        "16 hex digits of the first key seen (URL, else source and guid, else text); never changes",
    ),
    column("version", pa.int32(), "1 for the first text seen, counting up with each change"),
    column("story_id", TEXT, "article_id of the first article of its story, whose text it is like; else its own"),
    optional("url", TEXT, "canonical: no tracking parameters, no fragment; null where the source gave none"),
    column("source", TEXT, "the feed, file or captured address the article was first read from"),
    optional("publisher", TEXT, "registrable domain of the URL, or the entry's own source; null if neither"),
    optional("collection", TEXT, "folder of the feed list that named the feed"),
    optional("title", TEXT, "plain text on one line"),
    optional("description", TEXT, "the summary; bullets are separate lines"),
    optional("body", TEXT, "plain text, paragraphs separated by a blank line"),
    optional("credit", TEXT, "the text's own Source: line"),
    column("content_kind", TEXT, "full; summary where the source carries no more than that, or the text breaks off"),
    optional("from_page", pa.bool_(), "whether the page that the entry links to gave the body; null before version 2"),
    column("authors", STRINGS, "names, without titles of office, agencies and addresses"),
    column("categories", STRINGS, "the publisher's own categories"),
    optional("image_url", TEXT, "the lead image"),
    optional("rights", TEXT, "copyright or licence line as given"),
    optional("paywalled", pa.bool_(), "whether the publisher says that the page is not free; null if silent"),
    column("language", TEXT, "ISO 639-1 code of the text; und where unsure"),
    column("language_score", pa.float32(), "0 to 1: share of the text in that language, or its probability"),
    column("word_count", pa.int32(), "words of the body, else of the description"),
    optional("published_at", TIME, "when it was published, by the source; null where it says nothing usable"),
    optional("published_raw", TEXT, "the date as the source gave it"),
    optional("published_source", TEXT, _PUBLISHED_SOURCE),
    optional("published_precision", TEXT, "second, minute or day"),
    optional("published_zone", TEXT, "given, or assumed (the feed's if set, Korea's for a Korean date, else UTC)"),
    optional("updated_at", TIME, "when the source says that it was last changed"),
    column("first_seen_at", TIME, "when a run first read this version"),
    column("ingested_at", TIME, "one value for each commit, increasing: the cursor for incremental reads"),
    column("content_hash", TEXT, "16 hex digits of title, description and body as read, boilerplate included"),
    optional("keys", KEY_LIST, _KEYS),
    optional("signature", SIGNATURE, "MinHash of the word 3-shingles of the text as read; null where it is too short"),
    optional("fingerprint", SIGNATURE, "which numbers and names the text has, as 512 bits; null where signature is"),
    optional("duplicate_of", TEXT, "article_id of an earlier article that shares much of the text, or is its summary"),
    optional("duplicate_score", pa.float32(), _SCORE),
    column("entities", pa.list_(ENTITY), "named things; offsets in Unicode code points, end-exclusive"),
    column("places", pa.list_(PLACE), "places named, with country and, for cities, coordinates in degrees"),
    column("topics", pa.list_(TOPIC), "IPTC Media Topics, best first"),
    column("quality_flags", STRINGS, "what a reader should know, such as implausible_date"),
    optional("feed_url", TEXT, "the feed's own address, where the entry came from a feed"),
    optional("guid", TEXT, "the entry's own identifier as given"),
    column("run_id", TEXT, "the run that wrote the row"),
    column("pipeline_version", TEXT, "the version of Dateline that tagged the row, +accurate etc. by its --entities"),
]

ARTICLES = Table(
    "articles",
    pa.schema(ARTICLES_COLUMNS),
    sort=("published_at", "article_id", "version"),
    dictionary=(
        "source",
        "publisher",
        "collection",
        "content_kind",
        "language",
        "published_source",
        "published_precision",
        "published_zone",
        "feed_url",
        "run_id",
        "pipeline_version",
        "rights",
    ),
    identity=("content_hash",),
)

# Columns of ARTICLES that tagging fills.
TAGS = ("entities", "places", "topics")

SIGHTINGS_COLUMNS = [
    column("article_id", TEXT, "the stored article"),
    column("article_date", pa.date32(), "the date the article is filed under"),
    column("source", TEXT, "the feed or file that carried it"),
    optional("publisher", TEXT, "registrable domain of the link, or the entry's own source"),
    column("relation", TEXT, "original, same_url, same_text, near_duplicate, excerpt, reverted (to an earlier text)"),
    column("score", pa.float32(), "1 for the same URL or text, else as duplicate_score"),
    optional("url", TEXT, "the link this source gave, canonical"),
    optional("guid", TEXT, "the identifier this source gave"),
    optional("title", TEXT, "the title this source gave"),
    optional("published_at", TIME, "when this source says that it was published"),
    column("first_seen_at", TIME, "when a run first read it there"),
    column("ingested_at", TIME, "one value for each commit, increasing"),
    column("content_hash", TEXT, "of the text as this source carried it"),
    optional("keys", KEY_LIST, _KEYS),
    optional("collection", TEXT, "folder of the feed list that named the feed"),
    optional("feed_url", TEXT, "the feed's own address"),
    column("run_id", TEXT, "the run that wrote the row"),
    column("pipeline_version", TEXT, "the version of Dateline that wrote the row"),
]

SIGHTINGS = Table(
    "sightings",
    pa.schema(SIGHTINGS_COLUMNS),
    sort=("article_id", "published_at", "source"),
    dictionary=("source", "publisher", "relation", "collection", "feed_url", "run_id", "pipeline_version"),
    identity=("relation", "content_hash", "first_seen_at", "url", "guid"),
)

REJECTS_COLUMNS = [
    column("stage", TEXT, "where it failed: fetch, read, parse, clean"),
    column("reason", TEXT, "one name for each kind of failure"),
    column("detail", TEXT, "what was wrong, naming the value"),
    column("source", TEXT, "the feed or file"),
    column("payload_kind", TEXT, "document: the bytes as read; entry: the parsed entry as JSON"),
    column("payload", pa.binary(), "what failed, cut at 64 KiB"),
    column("payload_size", pa.int64(), "bytes before the cut"),
    optional("context", TEXT, "how it was read, as JSON, for `dateline replay`; null before version 3"),
    column("first_seen_at", TIME, "when a run first met it"),
    column("ingested_at", TIME, "one value for each commit, increasing"),
    column("run_id", TEXT, "the run that wrote the row"),
    column("pipeline_version", TEXT, "the version of Dateline that wrote the row"),
]

REJECTS = Table(
    "rejects",
    pa.schema(REJECTS_COLUMNS),
    sort=("source", "stage", "reason", "detail"),
    dictionary=("stage", "reason", "source", "payload_kind", "context", "run_id", "pipeline_version"),
    identity=("payload",),
)

FEEDS_COLUMNS = [
    column("url", TEXT, "the feed's address as configured, without credentials"),
    optional("title", TEXT, "the feed list's name for it"),
    optional("collection", TEXT, "folder of the feed list"),
    optional("moved_to", TEXT, "where permanent redirects lead"),
    optional("etag", TEXT, "validator of the last answer"),
    optional("last_modified", TEXT, "validator of the last answer"),
    optional("body_hash", TEXT, "of the last body, to notice servers that ignore validators"),
    optional("status", pa.int32(), "HTTP status of the last answer; null where none came"),
    optional("last_error", TEXT, "why the last poll failed; null where it did not"),
    column("failures", pa.int32(), "failed polls in a row"),
    optional("last_fetched_at", TIME, "the last poll"),
    optional("last_ok_at", TIME, "the last poll that was answered well"),
    optional("last_changed_at", TIME, "the last poll that brought other bytes than the one before"),
    optional("next_poll_at", TIME, "not before this time: Retry-After, backoff, or the feed's own ttl"),
    optional("failing_since", TIME, "the first of the failed polls in a row; null where there are none"),
    optional("gone_at", TIME, "when it was found to be gone (410, or long dead); polled no more; null where it is not"),
    optional(
        "full_text",
        pa.bool_(),
        "whether the pages of all its entries have been asked for; null where --full_text was not set",
    ),
]

FEEDS = Table("feeds", pa.schema(FEEDS_COLUMNS), sort=("url",), dated=False)

STORY_JOINS_COLUMNS = [
    column("story_id", TEXT, "the story that has become part of another; rows with this id stay as they are"),
    column("joined_to", TEXT, "the story that it is part of now: the one whose first article is the earlier"),
    optional("published_at", TIME, "when the first article of that story was published"),
    column("article_id", TEXT, "the article whose text is like that of the first article of both"),
    column("score", pa.float32(), "its similarity to the first article of story_id; 1 for that article itself"),
    column("first_seen_at", TIME, "when a run first met it"),
    column("ingested_at", TIME, "one value for each commit, increasing"),
    column("run_id", TEXT, "the run that wrote the row"),
    column("pipeline_version", TEXT, "the version of Dateline that wrote the row"),
]

STORY_JOINS = Table(
    "story_joins",
    pa.schema(STORY_JOINS_COLUMNS),
    sort=("story_id", "joined_to"),
    dictionary=("run_id", "pipeline_version"),
    identity=("article_id",),
    dated=False,
)

TABLES = (ARTICLES, SIGHTINGS, REJECTS, FEEDS, STORY_JOINS)
