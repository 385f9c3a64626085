"""The recipes of images: they are given what they copy, install what is locked, and run without root."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECIPES = sorted(ROOT.glob("deploy/*/Dockerfile"))
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.parent.name)


def given(recipe: Path) -> set[str]:
    """The paths that the build may read."""
    lines = recipe.with_name("Dockerfile.dockerignore").read_text().split()
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


def test_there_are_recipes() -> None:
    assert [recipe.parent.name for recipe in RECIPES] == ["dataflow", "image"]


@each_recipe
def test_it_is_given_what_it_copies(recipe: Path) -> None:
    copied = set(re.findall(r"^COPY (?!--)(\S+) ", recipe.read_text(), re.M)) - {"."}
    project = (ROOT / "pyproject.toml").read_text()
    packaged = set(re.findall(r'"(\w+)\*"', project.partition("include = [")[2].partition("]")[0]))
    assert packaged
    assert copied | packaged | {"pyproject.toml", "README.md"} <= given(recipe)
    assert all((ROOT / path).exists() for path in given(recipe))


@each_recipe
def test_it_installs_what_is_locked(recipe: Path) -> None:
    (lock,) = re.findall(r"^COPY (requirements\S*\.lock) \.$", recipe.read_text(), re.M)
    assert f"--require-hashes -r {lock}" in recipe.read_text()


@each_recipe
def test_it_runs_without_root(recipe: Path) -> None:
    users = re.findall(r"^USER (.+)$", recipe.read_text(), re.M)
    assert users == ["10001"]
