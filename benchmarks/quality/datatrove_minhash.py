"""datatrove's MinHash over texts, for comparison: run by an interpreter that has it, as `near_duplicates` does.

`python datatrove_minhash.py TEXTS.jsonl FOLDER N_GRAMS BUCKETS HASHES` prints JSON: the seconds of processor time of
each stage, and the pairs that share a bucket. It imports nothing of this project.
"""

import json
import struct
import sys
from itertools import pairwise
from pathlib import Path
from time import process_time

from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig


def main(texts: str, folder: str, n_grams: int, buckets: int, hashes: int) -> None:
    """Run three of its four stages (the fourth writes what is kept), each in this process."""
    config = MinhashConfig(n_grams=n_grams, num_buckets=buckets, hashes_per_bucket=hashes)
    with open(texts, encoding="utf-8") as lines:
        documents = [Document(text=json.loads(line), id=str(number)) for number, line in enumerate(lines)]
    sign = MinhashDedupSignature(f"{folder}/signatures", config)
    sign.get_shingles(documents[0].text)
    times = [process_time()]
    sign.run(iter(documents))
    times.append(process_time())
    pair = MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/pairs", config=config)
    for bucket in range(buckets):
        pair.run(rank=bucket, world_size=buckets)
    times.append(process_time())
    MinhashDedupCluster(f"{folder}/pairs", f"{folder}/clusters", config=config).run()
    times.append(process_time())
    seconds = [end - start for start, end in pairwise(times)]
    json.dump({"seconds": seconds, "pairs": sorted(set(_pairs(Path(folder, "pairs"))))}, sys.stdout)


def _pairs(folder: Path):
    for path in folder.iterdir():
        for _, left, _, right in struct.iter_unpack("<4I", path.read_bytes()):
            yield min(left, right), max(left, right)


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:6]))
