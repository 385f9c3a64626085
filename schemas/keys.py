"""What deduplication remembers: Parquet tables under `_keys`, and the packed arrays it works on.

A key is the first 8 bytes of a BLAKE2b digest. Among 100 million keys the chance that any two differ only in
what was hashed is about 1 in 4,000; an article id is such a key, so ids are numbers here and 16 hex digits
in the tables that people read.
"""

import numpy as np
import pyarrow as pa

from schemas.columns import SIGNATURE, TIME, column, optional
from schemas.cursors import CURSORS
from schemas.forgotten import FORGOTTEN
from schemas.lines import LINES
from schemas.tables import TABLES, Table

PERMUTATIONS = 128
# Words of 16 bits: half for the numbers of a text, half for its names.
FINGERPRINT_WORDS = 32
# After how many words the opening of a text is hashed: four to a key, and steps of less than a fifth past 16.
CHECKPOINTS = (4, 8, 12, 16, 20, 24, 28, 32, 38, 46, 55, 64, 73, 84, 96, 110)

EXACT = Table(
    "_keys/exact",
    pa.schema(
        [
            column("key", pa.uint64(), "of a URL, a guid within its source, a text, a sighting or a reject"),
            column("article", pa.uint64(), "the stored article it leads to; 0 for a reject"),
            column("day", pa.int32(), "days since the epoch: the date the article is filed under"),
            column("alias", pa.bool_(), "the key of a copy, not of the article itself"),
        ]
    ),
    sort=("key", "day"),
    dated=False,
)

VERSIONS = Table(
    "_keys/versions",
    pa.schema(
        [
            column("article", pa.uint64(), "the stored article"),
            column("content", pa.uint64(), "hash of this version's text"),
            column("version", pa.int32(), "counting from 1; a return to an earlier text repeats its number"),
            column("full", pa.bool_(), "whether the text is more than the feed's summary"),
            column("source", pa.uint64(), "hash of the source that brought it"),
            column("story", pa.uint64(), "the story the article belongs to"),
            column("day", pa.int32(), "days since the epoch: the date the article is filed under"),
            column("ingested_at", TIME, "when the text became the current one"),
        ]
    ),
    sort=("article", "ingested_at", "version"),
    dated=False,
)

SIGNATURES = Table(
    "_keys/signatures",
    pa.schema(
        [
            column("article", pa.uint64(), "the stored article"),
            column("story", pa.uint64(), "the story it belongs to"),
            column("published", pa.int64(), "microseconds since the epoch; the largest number where unknown"),
            column("signature", pa.list_(pa.uint16(), PERMUTATIONS), "as in articles"),
            optional("fingerprint", SIGNATURE, "as in articles"),
            optional("outlet", pa.uint64(), "hash of the publisher, else of the source"),
            optional("words", SIGNATURE, "how many the text has, and the description beside a body"),
            optional("openings", SIGNATURE, "of both: hashes of their first 4, 8, ... words"),
        ]
    ),
    sort=("article", "published"),
)

KEY_TABLES = (EXACT, VERSIONS, SIGNATURES)
DATASET_TABLES = (*TABLES, *KEY_TABLES, FORGOTTEN, LINES, CURSORS)

# Times that sort last or first where a source gives none.
NEVER = np.iinfo(np.int64).max
ALWAYS = np.iinfo(np.int64).min

# One row for each incoming entry, or for each stored signature that takes part (`stored`).
FACTS = np.dtype(
    [
        ("uid", np.uint64),  # of this occurrence: equal only where nothing differs
        ("article", np.uint64),  # the id it gets if it is new: its first key
        ("url", np.uint64),  # keys; 0 for none
        ("guid", np.uint64),
        ("text", np.uint64),
        ("content", np.uint64),
        ("source", np.uint64),
        ("story", np.uint64),
        ("published", np.int64),
        ("updated", np.int64),
        ("read", np.int64),
        ("day", np.int32),
        ("full", np.bool_),
        ("stored", np.bool_),
        ("known", np.bool_),  # one of its keys is remembered
        ("comparable", np.bool_),  # the text is long enough for its signature to mean something
        ("signature", np.uint16, (PERMUTATIONS,)),
        ("fingerprint", np.uint16, (FINGERPRINT_WORDS,)),  # of its numbers and names
        ("outlet", np.uint64),  # who publishes it, as far as is known
        ("words", np.uint16, (2,)),  # of the text, and of the description beside a body
        ("openings", np.uint16, (2, len(CHECKPOINTS))),  # of both: hashes of so many first words; 0 for fewer
    ]
)

# The keys of an entry, in the order of the column `keys`.
ENTRY_KEYS = ("uid", "url", "guid", "text")

# A key, and who has it. Keys of bands and exact keys never meet: the digests are of different things.
KEYS = np.dtype([("key", np.uint64), ("order", np.int64), ("uid", np.uint64)])  # order: stored first, then as judged

# What is sought among stored texts for a new one: the lower halves of the keys that near-duplicates may share (32 of
# bands, 8 of openings, 2 of fingerprints), and the day it is filed under.
SOUGHT = np.dtype([("day", np.int32), ("keys", np.uint32, (42,))])

# Whose facts are asked for; `near`: and whose shingles.
UIDS = np.dtype([("uid", np.uint64), ("near", np.bool_)])

# Two occurrences that share a key.
PAIRS = np.dtype([("left", np.uint64), ("right", np.uint64), ("exact", np.bool_)])

# Two stories that an article makes one. `published`: of the first article of the story that stays.
JOINS = np.dtype(
    [
        ("story", np.uint64),
        ("into", np.uint64),
        ("article", np.uint64),
        ("score", np.float32),
        ("published", np.int64),
    ]
)

# What becomes of an occurrence.
NEW, VERSION, DUPLICATE, REPEAT, REVERTED = range(5)
RELATIONS = ("original", "same_url", "same_text", "near_duplicate", "reverted", "excerpt")
ORIGINAL, SAME_URL, SAME_TEXT, NEAR_DUPLICATE, RETURNED, EXCERPT = range(6)
VERDICTS = np.dtype(
    [
        ("uid", np.uint64),
        ("article", np.uint64),
        ("story", np.uint64),
        ("duplicate_of", np.uint64),  # 0 for none
        ("score", np.float32),
        ("day", np.int32),
        ("version", np.int32),
        ("outcome", np.uint8),
        ("relation", np.uint8),
        ("alias", np.bool_),
    ]
)
