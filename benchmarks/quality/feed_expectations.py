"""What the conformance suites expect of the entries of their fixtures, in the fields that we use."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import NotText
from transforms.parse.decode import decode

SUITES = ("feedparser", "gofeed", "feedvalidator", "miniflux")
_EXPECT = re.compile(r"<!--.*?Expect:\s*(.*?)-->", re.DOTALL)
_SERVER = "http://127.0.0.1:8097/"  # where feedparser's own tests serve their fixtures from

# feedparser's names for our fields; a star stands for any index, which it takes the place of.
_FEEDPARSER = {
    "title": "title",
    "title_detail.value": "title",
    "title_detail.language": "language",
    "link": "link",
    "id": "guid",
    "guid": "guid",
    "published": "published",
    "published_parsed": "published",
    "issued": "published",
    "issued_parsed": "published",
    "created_parsed": "published",
    "updated": "updated",
    "updated_parsed": "updated",
    "modified": "updated",
    "modified_parsed": "updated",
    "date": "updated",
    "date_parsed": "updated",
    "summary": "summary",
    "summary_detail.value": "summary",
    "description": "summary",
    "description_detail.value": "summary",
    "content.*.value": "content",
    "author": "authors",
    "author_detail.name": "authors",
    "authors.*.name": "authors",
    "category": "categories",
    "tags.*.term": "categories",
    "tags.*.label": "categories",
    "language": "language",
    "rights": "rights",
    "rights_detail.value": "rights",
    "copyright": "rights",
    "copyright_detail.value": "rights",
    "image.href": "image",
    "media_thumbnail.*.url": "image",
    "media_content.*.url": "image",
}
# gofeed's names, of its RSS, Atom, JSON and common structures.
_GOFEED = {
    "title": "title",
    "link": "link",
    "url": "link",
    "guid": "guid",
    "guid.value": "guid",
    "id": "guid",
    "pubDate": "published",
    "published": "published",
    "date_published": "published",
    "updated": "updated",
    "date_modified": "updated",
    "description": "summary",
    "summary": "summary",
    "content": "content",
    "content.value": "content",
    "content_html": "content",
    "author": "authors",
    "author.name": "authors",
    "authors.*.name": "authors",
    "categories.*": "categories",
    "categories.*.value": "categories",
    "categories.*.term": "categories",
    "tags.*": "categories",
    "rights": "rights",
    "image": "image",
    "image.url": "image",
}
FIELDS = tuple(dict.fromkeys(_FEEDPARSER.values()))


@dataclass(frozen=True, slots=True)
class Expected:
    """A value expected of a field of an entry: a text, a time as nine numbers, or None for nothing."""

    entry: int
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Fixture:
    """A document of a suite, what is expected of its entries, and how much is expected of what we do not use."""

    suite: str
    name: str
    data: bytes
    url: str
    expected: list[Expected]
    unused: int


def read_fixtures(folder: Path) -> Iterator[Fixture]:
    """All fixtures of the suites below the folder, in order."""
    for suite in SUITES:
        for path in sorted((folder / suite).rglob("*")):
            is_json = path.suffix == ".json" and "/json/" in path.as_posix() and not path.stem.endswith("_expected")
            if is_json or path.suffix == ".xml":
                yield _read(folder / suite, path)


def _read(folder: Path, path: Path) -> Fixture:
    data = path.read_bytes()
    found: list[Expected | None] = []
    if folder.name == "feedparser":
        found = list(of_expression(_expression(data)))
    elif folder.name == "gofeed":
        beside = path.with_suffix(".json") if path.suffix == ".xml" else path.with_name(f"{path.stem}_expected.json")
        found = list(of_structure(json.loads(beside.read_text("utf-8")))) if beside.exists() else []
    used = [expected for expected in found if expected]
    url = f"{_SERVER}{path.name}" if _SERVER.encode() in data else ""
    return Fixture(folder.name, path.relative_to(folder).as_posix(), data, url, used, len(found) - len(used))


def of_expression(text: str) -> Iterator[Expected | None]:
    """What a feedparser `Expect` says, term by term; None for a term on what we do not use.

    The expression is read, never run: equality of a path into `entries` with a literal, its absence, and such
    terms joined by `and`.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        yield None
        return
    for term in _terms(tree):
        if ast.unparse(term) in ("bozo", "not bozo"):
            continue
        path, value = _equality(term)
        field = _FEEDPARSER.get(re.sub(r"\.\d+", ".*", ".".join(path[2:])))
        is_used = field and path[0] == "entries" and path[1].isdigit() and value is not ...
        yield Expected(int(path[1]), str(field), value) if is_used else None


def of_structure(feed: Any) -> Iterator[Expected | None]:
    """What a structure of gofeed's expects; None for a value of what we do not use."""
    if not isinstance(feed, dict):
        return
    for number, entry in enumerate(feed.get("items") or feed.get("entries") or []):
        for path, value in _leaves(entry):
            field = _GOFEED.get(path)
            yield Expected(number, field, value) if field and isinstance(value, str) and value else None
    yield from (None for key in feed if key not in ("items", "entries"))


def _expression(data: bytes) -> str:
    try:
        text = decode(data)
    except NotText:  # such as EBCDIC
        text = data.decode("latin-1")
    found = _EXPECT.search(text)
    return found.group(1) if found else ""


def _terms(tree: ast.expr) -> Iterator[ast.expr]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        for value in tree.values:
            yield from _terms(value)
    else:
        yield tree


def _equality(term: ast.expr) -> tuple[list[str], Any]:
    """The path that a term speaks of, and the value it is to have; an ellipsis for a term of another form."""
    if isinstance(term, ast.UnaryOp) and isinstance(term.op, ast.Not):
        return _path(term.operand), None
    if isinstance(term, ast.Compare) and all(isinstance(op, ast.Eq | ast.Is) for op in term.ops):
        return _path(term.left), _literal(term.comparators[-1])
    return ["", ""], ...


def _path(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id, ""] if node.id != "entries" else [node.id]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return [*_path(node.value), str(node.slice.value)]
    if isinstance(node, ast.Attribute):
        return [*_path(node.value), node.attr]
    return ["", ""]


def _literal(node: ast.expr) -> Any:
    """A literal's value; strings may be joined by plus."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return left + right if isinstance(left, str) and isinstance(right, str) else ...
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{path}.*")
    else:
        yield path, value
