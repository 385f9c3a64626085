"""The layout of the code: imports point one way, pipelines -> transforms -> schemas."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
FORBIDDEN = {
    "schemas": {"pipelines", "transforms", "tests", "apache_beam"},
    "transforms": {"pipelines", "tests"},
    "pipelines": {"tests"},
}
MODULES = sorted(str(path.relative_to(HOUSE)) for folder in FORBIDDEN for path in (HOUSE / folder).rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level names of all that a module imports, wherever in it."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names | {node.module or "" for node in froms}}


def read(module: str) -> ast.Module:
    return ast.parse((HOUSE / module).read_text(encoding="utf-8"))


def test_folders_hold_modules() -> None:
    assert {module.split("/")[0] for module in MODULES} == FORBIDDEN.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    assert not imported(read(module)) & FORBIDDEN[module.split("/")[0]]


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module: str) -> None:
    assert not [node for node in ast.walk(read(module)) if isinstance(node, ast.ImportFrom) and node.level]


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("transforms/")])
def test_annotations_are_evaluated_in_transforms(module: str) -> None:
    """Beam infers Any from the strings that `from __future__ import annotations` makes of type hints."""
    assert "__future__" not in imported(read(module))


@pytest.mark.parametrize("module", MODULES)
def test_modules_with_code_have_a_docstring(module: str) -> None:
    tree = read(module)
    assert not tree.body or ast.get_docstring(tree)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        pytest.param("import transforms.clean.text as t, os.path", {"transforms", "os"}, id="import"),
        pytest.param("from apache_beam.io import x", {"apache_beam"}, id="from"),
        pytest.param("def f():\n    from pipelines import ingest", {"pipelines"}, id="within-a-function"),
    ],
)
def test_imported(code: str, names: set[str]) -> None:
    assert imported(ast.parse(code)) == names


def test_the_benchmark_of_the_whole_can_be_imported_first() -> None:
    """It begins with what parsing and deduplication share, which a cycle of imports would break."""
    subprocess.run([sys.executable, "-c", "import benchmarks.ingest"], cwd=HOUSE, check=True, capture_output=True)
