"""Time and memory that WARC files take to become documents: `python -m benchmarks.speed.warc [FILE ...]`.

Without files, one of 10,000 made-up captures is read (a third of them images, which are passed over), each a gzip
member, as Common Crawl has them. One core; peak memory is the whole process's.
"""

import gzip
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from transforms.read_files import FileRange, ReadLimits, read_range

CAPTURES = 10_000
NOW = 1_742_644_800_000_000
_LEVEL = 6
_IMAGES = 3  # one capture of so many
_WORDS = [f"{random.Random(number).getrandbits(28):x}" for number in range(20_000)]


def main(paths: list[str]) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        for path in paths or [_write(Path(folder, "made-up.warc.gz"))]:
            _report(path)


def _report(path: str) -> None:
    counts: Counter[str] = Counter()
    start = time.process_time()
    for document in read_range(FileRange(os.fsencode(path)), NOW, ReadLimits()):
        counts["failures" if document.failure else "documents"] += 1
        counts["bytes"] += len(document.data)
    seconds = time.process_time() - start
    size, peak = os.path.getsize(path) / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path}: {size:,.0f} MB, {counts['documents']:,} documents, {counts['failures']:,} failures")
    print(f"  {size / seconds:.0f} MB/s of the file, {counts['bytes'] / 1e6 / seconds:.0f} MB/s of documents")
    print(f"  {seconds / max(counts['documents'], 1) * 1e6:.0f} us a document, peak {peak:.0f} MB")


def _write(path: Path) -> str:
    chance = random.Random(7)
    with path.open("wb") as file:
        for number in range(CAPTURES):
            file.write(gzip.compress(_capture(number, chance), _LEVEL))
    return str(path)


def _capture(number: int, chance: random.Random) -> bytes:
    if number % _IMAGES == 0:
        return _record(number, b"image/jpeg", chance.randbytes(30_000))
    paragraphs = "".join(f"<p>{' '.join(chance.choices(_WORDS, k=60))}</p>\n" for _ in range(120))
    page = f"<html><head><title>Story {number}</title></head><body>{paragraphs}</body></html>"
    return _record(number, b"text/html; charset=utf-8", page.encode())


def _record(number: int, media_type: bytes, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n%b" % (media_type, body)
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2025-03-21T08:00:00Z\r\n"
        b"WARC-Target-URI: https://news%d.example.org/%d\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (number % 50, number, len(block), block)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
