"""What a reader finds in a dataset while a stream writes it."""

import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq


class Reader:
    """Reads each file of articles once, when it appears, and notes when each article could first be read."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.read_at: dict[str, float] = {}  # guid: seconds since the epoch
        self._seen: set[Path] = set()

    def look(self) -> None:
        """Read what is new; a file that was joined with others meanwhile has nothing new."""
        for path in set(self.output.glob("articles/date=*/*.parquet")) - self._seen:
            self._seen.add(path)
            with suppress(FileNotFoundError):  # joined with others since it was listed
                guids = pq.ParquetFile(pa.memory_map(str(path))).read(columns=["guid"])["guid"].to_pylist()
                self.read_at = dict.fromkeys(guids, time.time()) | self.read_at


def stored_guids(output: Path) -> list[str]:
    """Of each row of articles, as the dataset is now."""
    return list(ds.dataset(output / "articles").to_table(columns=["guid"])["guid"].to_pylist())


def stored_bytes(output: Path) -> int:
    """The bytes of what deduplication remembers."""
    return sum(path.stat().st_size for folder in ("_keys", "_lines") for path in output.glob(f"{folder}/**/*.parquet"))
