"""Time of topics: `python -m benchmarks.speed.topics [folder]`.

The folder holds `unlabelled/feed_text.jsonl.gz`. Microseconds of processor time an article of 2,000 letters, the best
of several rounds, in batches as the pipeline tags them.
"""

import sys
from pathlib import Path

import pyarrow as pa

from benchmarks.timing import best_seconds
from transforms.tag.tagger import BATCH
from transforms.tag.topics import load_topic_tagger
from transforms.tag.topics.tagger import ARTICLE
from transforms.tag.training.unlabelled import read_texts

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
ARTICLES, LETTERS, ROUNDS = 1000, 2000, 15


def main(data: Path) -> None:
    """Measure and print."""
    texts = [text[:LETTERS] for text in read_texts(data) if len(text) >= LETTERS][:ARTICLES]
    rows = [{"title": text[:60], "body": text, "language": "en", "categories": ["World"]} for text in texts]
    batches = [pa.RecordBatch.from_pylist(rows[at : at + BATCH], ARTICLE) for at in range(0, len(rows), BATCH)]
    seconds = best_seconds(load_topic_tagger().tag, batches, ROUNDS)
    print(f"{len(rows):,} articles: {seconds / len(rows) * 1e6:.1f} us each")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
