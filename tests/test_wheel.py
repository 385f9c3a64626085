"""The wheel, installed as docs/operators.md says, into an environment that has nothing else."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("pipelines", "transforms", "schemas")
IMPORTED = "import sys; sys.argv = ['dateline']; import pipelines.command as it; it.make_parser(); print(*sys.modules)"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the installation reads, in a folder of its own."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def installed(project: Path) -> Path:
    """The command, once the commands of the page have run, with other folders than those of the system."""
    page = (ROOT / "docs/operators.md").read_text()
    (commands,) = re.findall(r"^```sh\n(\.venv/bin/pip wheel.*?)^```", page, re.M | re.S)
    (project / "bin").mkdir()
    for there, here in (("/opt/dateline", project / "opt"), ("/usr/local/bin", project / "bin")):
        commands = commands.replace(there, str(here))
    subprocess.run(["bash", "-e", "-c", commands], cwd=project, check=True, capture_output=True)
    return project / "bin/dateline"


@pytest.mark.tools
def test_the_wheel_has_every_file(project: Path, installed: Path) -> None:
    (wheel,) = (project / "dist").glob("*.whl")
    paths = [path for name in PACKAGES for path in (project / name).rglob("*") if path.is_file()]
    files = {str(path.relative_to(project)) for path in paths}
    assert files <= set(ZipFile(wheel).namelist())


@pytest.mark.tools
def test_the_examples_run(installed: Path, tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for command in (
        ["ingest", "--input", f"{ROOT}/examples/feeds/**", "--output", "out"],
        ["check", "out"],
        ["completion", "bash"],
    ):
        done = subprocess.run([installed, *command], cwd=tmp_path, env=variables, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_nothing_heavy_is_imported_to_read_a_command() -> None:
    """So that help and a wrong option are told at once."""
    command = [sys.executable, "-c", IMPORTED]
    imported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "pipelines.commands" in imported
    assert not {"apache_beam", "numpy", "orjson", "pyarrow", "shtab"} & set(imported)
