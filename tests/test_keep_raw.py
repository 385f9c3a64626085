"""Raw files: which documents are kept, in which file, and that a retry gives the same."""

import io
import zlib
from functools import partial
from pathlib import Path

from schemas.records import Document
from tests.dataset import NOON
from transforms.deduplicate.stored.remembered import KeyFiles
from transforms.keep_raw import pack_document, write_raw
from transforms.warc.captures import read_capture
from transforms.warc.records import read_records
from transforms.write.run import target_of
from transforms.write.staging import begin

FEEDS = [
    Document(f"https://a.example/{n}", b"<rss/>" * n, NOON, f"https://a.example/{n}", is_feed=True) for n in range(8)
]
NO_KEYS = KeyFiles("", (), (), ())


def test_a_failure_has_nothing_to_keep() -> None:
    failed = Document("https://a.example/1", b"", NOON, is_feed=True, failure="FetchFailed", detail="HTTP 500")
    assert list(pack_document(failed, "r1", NO_KEYS, 1)) == []


def test_documents_are_filed_by_day_and_shard() -> None:
    (late,) = pack_document(
        Document("https://a.example/1", b"a", NOON + 43_200_000_000, "https://a.example/1"), "r1", NO_KEYS, 1
    )
    assert late[0] == ("2025-03-23", 0)
    places = {place for feed in FEEDS for place, _ in pack_document(feed, "r1", NO_KEYS, 3)}
    assert places == {("2025-03-22", zlib.crc32(feed.source.encode()) % 3) for feed in FEEDS}


def test_a_raw_file_holds_its_documents_and_a_retry_replaces_it(tmp_path: Path) -> None:
    records = [record for feed in FEEDS for _, record in pack_document(feed, "r1", NO_KEYS, 1)]
    with begin(str(tmp_path), "r1", NOON) as run:
        first, second = (write_raw((("2025-03-22", 0), records), run) for _ in range(2))
        assert first == second
        assert target_of(first) == "raw/date=2025-03-22/part-r1-0.warc.gz"
        data = Path(first).read_bytes()
    take = partial(read_capture, archive="", now=NOON, limit=1000)
    assert list(read_records(io.BytesIO(data), take)) == FEEDS
