"""Whether distinct article URLs stay distinct: `python -m benchmarks.quality.urls [folder]`.

The folder holds JSON files, each a list of the URLs of articles. URLs that get one key are printed, to be looked at.
"""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from transforms.clean.urls import canonical_url
from transforms.clean.variants import key_address

URLS = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "urls_topnews"


def main(folder: Path) -> None:
    """Print a line for each file, and the URLs that share a key."""
    for path in sorted(folder.glob("*.json")):
        urls = sorted(set(json.loads(path.read_text(encoding="utf-8"))))
        start = time.process_time()
        canonical = [canonical_url(url) for url in urls]
        middle = time.process_time()
        keys = [key_address(url) for url in canonical]
        end = time.process_time()
        pages = defaultdict(list)
        for url, key in zip(urls, keys, strict=True):
            pages[key].append(url)
        shared = [found for found in pages.values() if len(found) > 1]
        print(
            f"{path.stem:20} {len(urls):6} URLs {len(set(canonical)):6} canonical {len(pages):6} keys "
            f"{(middle - start) / len(urls) * 1e6:5.2f} + {(end - middle) / len(urls) * 1e6:.2f} us"
        )
        for found in shared[:20]:
            print("   ", *found)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else URLS)
