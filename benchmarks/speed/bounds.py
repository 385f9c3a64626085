"""What documents made to cost much do cost: `python -m benchmarks.speed.bounds [bytes] [name]`.

Each is parsed in a process of its own: the seconds of processor time, the growth of its memory in MB over what the
document itself takes, and what became of it. None may take more than 10 s or 500 MB.
"""

import multiprocessing
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import process_time

from benchmarks.speed.hostile_documents import DOCUMENTS
from schemas.errors import BadRecord
from schemas.records import Document
from transforms.parse import parse_document

SIZE = 10 << 20
MOST_SECONDS, MOST_MEGABYTES = 10, 500


def main(size: int, names: list[str]) -> int:
    """Measure and print; 1 where a document takes too much."""
    print(f"{'document of ' + format(size, ',') + ' bytes':34} {'s':>6} {'MB':>6}  outcome")
    failed = 0
    for name in names:
        with NamedTemporaryFile() as file, multiprocessing.get_context("spawn").Pool(1) as pool:
            file.write(DOCUMENTS[name](size))
            file.flush()
            seconds, megabytes, outcome = pool.apply(measure, (file.name,))
        too_much = seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES
        failed += too_much
        print(f"{name:34} {seconds:6.2f} {megabytes:6.0f}  {outcome}{'  TOO MUCH' if too_much else ''}", flush=True)
    return int(failed > 0)


def measure(path: str) -> tuple[float, float, str]:
    """Seconds, megabytes and outcome of parsing one document, in this process."""
    list(parse_document(Document("a", b"<rss><channel><item/></channel></rss>", 0)))
    document = Document("a.xml", Path(path).read_bytes(), 0)
    memory, start = _memory("VmRSS"), process_time()
    outcome = parse(document)
    return process_time() - start, _memory("VmHWM") - memory, outcome


def parse(document: Document) -> str:
    """What becomes of a document, in a few words."""
    entries = failed = 0
    try:
        for entry in parse_document(document):
            entries, failed = entries + 1, failed + bool(entry.failure)
    except BadRecord as error:
        return f"{type(error).__name__}: {error}"[:70]
    return f"{entries:,} entries, {failed} of them rejects"


def _memory(name: str) -> float:
    """Megabytes that this process has (`VmRSS`), or had at most (`VmHWM`): Linux says so."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE, sys.argv[2:] or list(DOCUMENTS)))
