"""docs/columns.md, from the schemas: `python -m schemas.columns_page > docs/columns.md`."""

import sys
from collections.abc import Iterator

import pyarrow as pa

from schemas.errors import BadRecord
from schemas.flags import FLAGS
from schemas.tables import TABLES, Table

_INTRO = """# Columns

Made from the schemas by `python -m schemas.columns_page > docs/columns.md`; a test holds it to them. The same
descriptions are in the metadata of every file. Times are UTC. Dated tables have one more column, `date`, from
their folders.
"""


def columns_page() -> str:
    """The page, as Markdown."""
    tables = [line for table in TABLES for line in _table(table)]
    reasons = {reason.__name__: reason.__doc__ or "" for reason in BadRecord.__subclasses__()}
    lists = _list("Quality flags of articles", FLAGS), _list("Reasons of rejects and of unavailable pages", reasons)
    return "\n".join([_INTRO, *tables, *(line for named in lists for line in named)])


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield "| column | type | null | what |"
    yield "|---|---|---|---|"
    for field in table.schema:
        null = "yes" if field.nullable else ""
        description = field.metadata[b"description"].decode().replace("|", "\\|")
        yield f"| {field.name} | {_type_name(field.type)} | {null} | {description} |"
    yield ""


def _list(title: str, entries: dict[str, str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from (f"- `{name}`: {what}" for name, what in sorted(entries.items()))
    yield ""


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return "struct&lt;" + ", ".join(f"{field.name}: {_type_name(field.type)}" for field in kind) + "&gt;"
    if pa.types.is_fixed_size_list(kind):
        return f"list of {kind.list_size} {_type_name(kind.value_type)}"
    if pa.types.is_list(kind):
        return f"list of {_type_name(kind.value_type)}"
    return {"timestamp[us, tz=UTC]": "timestamp", "date32[day]": "date"}.get(str(kind), str(kind))


if __name__ == "__main__":
    sys.stdout.write(columns_page())
