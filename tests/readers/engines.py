"""Runs the page's blocks in an engine, as a notebook does, and gives its answers in plain Python."""

import ast
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import polars as pl

from tests.readers.page import QUERIES, ROOT, Blocks, blocks_of


class Answer(NamedTuple):
    """The answer to a query, and the seconds that it took."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    seconds: float


def answers(engine: str) -> Iterator[tuple[str, Answer]]:
    """The heading of each query and its answer, from the dataset `out` in the current folder."""
    names: dict[str, Any] = {"duckdb": open_duckdb, "spark": open_spark}.get(engine, dict)()
    for title, blocks in blocks_of(engine).items():
        start = time.monotonic()
        result = run(blocks, names)
        if title in QUERIES:
            rows = [tuple(map(plain, row)) for row in rows_of(result)]
            yield title, Answer(list(result.columns), rows, time.monotonic() - start)


def open_duckdb() -> dict[str, Any]:
    connection = duckdb.connect()
    connection.sql((ROOT / "docs/views.sql").read_text())
    return {"sql": connection.sql}


def open_spark() -> dict[str, Any]:
    """A small session, which the page's `getOrCreate` finds."""
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": False, "spark.sql.shuffle.partitions": 2, "spark.log.level": "ERROR"}
    return {"sql": SparkSession.builder.master("local[2]").config(map=settings).getOrCreate().sql}


def run(blocks: Blocks, names: dict[str, Any]) -> Any:
    """What the last of some blocks gives."""
    for language, code in blocks:
        result = names["sql"](code) if language == "sql" else run_python(code, names)
    return result.collect() if isinstance(result, pl.LazyFrame) else result


def run_python(code: str, names: dict[str, Any]) -> Any:
    """The value of the last statement, if it is an expression."""
    statements, last = ast.parse(code).body, None
    if isinstance(statements[-1], ast.Expr):
        last = ast.Expression(statements.pop().value)
    exec(compile(ast.Module(statements, []), "docs/analysts.md", "exec"), names)
    return last and eval(compile(last, "docs/analysts.md", "eval"), names)


def rows_of(result: Any) -> Iterable[Iterable[Any]]:
    """The rows of a table of any engine."""
    if isinstance(result, pl.DataFrame):
        return result.iter_rows()
    if isinstance(result, pd.DataFrame):
        return result.itertuples(index=False)
    return result.fetchall() if isinstance(result, duckdb.DuckDBPyRelation) else result.collect()  # type: ignore[no-any-return]


def plain(value: Any) -> Any:
    """The value as every engine would give it: times in UTC (Spark's are local), numbers rounded, no NaN."""
    if value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return round(value, 4) if isinstance(value, float) else value
