"""What a retag costs: `python -m benchmarks.speed.retag [ARTICLES] [PROFILE]`.

Articles of 2 KB over ten days, tagged again: processor time of the whole command and of the tagging in it, then of the
same command once more, which finds nothing to do.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time

from benchmarks.articles import write_articles
from pipelines.options import IngestOptions, RetagOptions
from pipelines.retag import Retagged, retag_dataset
from pipelines.run_ingest import run_ingest
from schemas.profiles import DEFAULT
from schemas.tables import ARTICLES
from transforms.retag.retag import without_tags
from transforms.tag.tagger import load_tagger, tag_table
from transforms.write.stored import list_files, read_stored

READ_AT = 1_742_904_000_000_000  # 2025-03-25T12:00Z


def main(count: int, profile: str) -> None:
    """Measure and print."""
    tagger = load_tagger(profile)
    with tempfile.TemporaryDirectory() as folder:
        output = f"{folder}/out"
        write_articles(Path(f"{folder}/articles.jsonl"), count)
        run_ingest(IngestOptions([f"{folder}/articles.jsonl"], [], output, "", READ_AT))
        rows = [without_tags(read_stored(path)) for path in list_files(output, ARTICLES.name)]
        start = process_time()
        for table in rows:
            tag_table(table, tagger)
        tagging = process_time() - start
        for what, again in (("tagged again", True), ("nothing to do", False)):
            done, seconds = _time(RetagOptions(output, READ_AT, again=again, entities=profile))
            print(f"{what}: {done.articles:,} articles, {seconds:.2f} s, {seconds / count * 1e6:.0f} us an article")
        print(f"the tagging alone: {tagging / count * 1e6:.0f} us an article")


def _time(options: RetagOptions) -> tuple[Retagged, float]:
    start = process_time()
    done = retag_dataset(options)
    return done, process_time() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, sys.argv[2] if len(sys.argv) > 2 else DEFAULT)
