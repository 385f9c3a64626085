"""The queries of docs/analysts.md: under each heading the blocks of each engine."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/analysts.md").read_text()
ENGINES = ("duckdb", "spark", "pandas", "polars")

_SECTION = re.compile(r"^##+ (.*)\n((?:(?!##).*\n)*)", re.M)
_BLOCK = re.compile(r"^```((sql|python)\b.*)\n((?:(?!```).*\n)*)", re.M)

Blocks = list[tuple[str, str]]  # language and code


def blocks_of(engine: str) -> dict[str, Blocks]:
    """What an engine runs, by heading and in order: blocks that name it, and for two of them those of plain SQL."""
    named = {f"sql {engine}", f"python {engine}"} | ({"sql"} if engine in ("duckdb", "spark") else set())
    found = {
        title: [(language, code) for tag, language, code in _BLOCK.findall(text) if tag in named]
        for title, text in _SECTION.findall(PAGE)
    }
    return {title: blocks for title, blocks in found.items() if blocks}


QUERIES = [title for title, text in _SECTION.findall(PAGE) if "```sql\n" in text]
