"""Each query of docs/analysts.md in each engine, in milliseconds: `python -m benchmarks.readers [DATASET]`.

Without a dataset it takes the small one of the tests. `=` stands for an answer equal to DuckDB's, `!` for another.
Spark is left out where pyspark (the extra `spark`) or Java is not there.
"""

import multiprocessing
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from tests.readers.dataset import make_dataset, write_map
from tests.readers.engines import Answer, answers
from tests.readers.page import ENGINES, QUERIES, ROOT

WIDTH = max(map(len, QUERIES)) + 1


def measure(engine: str) -> dict[str, Answer]:
    """The answers of an engine in a process of its own, from the current folder."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_answer_all, (engine,))


def _answer_all(engine: str) -> dict[str, Answer]:
    return dict(answers(engine))


def prepare(folder: Path, dataset: str | None) -> None:
    """What the page's queries find in their folder."""
    if dataset is None:
        make_dataset(folder)
        return
    (folder / "out").symlink_to(Path(dataset).resolve())
    (folder / "docs").symlink_to(ROOT / "docs")
    write_map(folder)


def print_table(found: dict[str, dict[str, Answer]]) -> None:
    """A line for each query, a column for each engine."""
    print(f"{'ms':{WIDTH}}{'rows':>6}" + "".join(f"{engine:>12}" for engine in found))
    for title in QUERIES:
        expected = found["duckdb"][title]
        cells = ((of[title].seconds * 1000, of[title][:2] == expected[:2]) for of in found.values())
        print(
            f"{title:{WIDTH}}{len(expected.rows):>6}"
            + "".join(f"{ms:>10,.0f} {'=' if same else '!'}" for ms, same in cells)
        )


def main(dataset: str | None = None) -> None:
    """Prints the table."""
    engines = [name for name in ENGINES if name != "spark" or (find_spec("pyspark") and which("java"))]
    with TemporaryDirectory() as folder:
        prepare(Path(folder), dataset)
        os.chdir(folder)
        print_table({engine: measure(engine) for engine in engines})
        os.chdir(ROOT)


if __name__ == "__main__":
    main(*sys.argv[1:])
