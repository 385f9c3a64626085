"""The scripts on machines that lack something, and the lock files. Nothing is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
LOCKS = {
    name: (HOME / name).read_text(encoding="utf-8")
    for name in (f"requirements{which}.lock" for which in ("", "-dev", "-tools", "-models", "-cloud", "-airflow"))
}
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the scripts read, without an environment."""
    for name in ("run_local.sh", "run_tests.sh", "pyproject.toml", "deploy/venv.sh", *LOCKS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(HOME / name, tmp_path / name)
    return tmp_path


def run(script: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [script], env={"PATH": "/usr/bin:/bin", "PYTHON": python}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", ["run_local.sh", "run_tests.sh"])
@pytest.mark.parametrize("python", ["false", "no-such-python"], ids=["too-old", "absent"])
def test_says_which_python_is_needed(copy: Path, script: str, python: str) -> None:
    result = run(copy / script, python)
    assert result.returncode == 1
    assert "Python 3.11 to 3.14" in result.stderr
    assert f"Looked for: {python}." in result.stderr
    assert not (copy / ".venv").exists()


def test_clears_a_half_made_environment_only_when_it_can_make_another(copy: Path) -> None:
    (copy / ".venv").mkdir()
    (copy / ".venv/unfinished").touch()
    assert run(copy / "run_local.sh", "false").returncode == 1
    assert (copy / ".venv/unfinished").exists()


def make_environment(copy: Path) -> None:
    """Stand-ins for what an installation leaves: a Python, the command, and the record of the lock file."""
    (copy / ".venv/bin").mkdir(parents=True)
    for name, text in (("python", "exit 0"), ("dateline", 'echo "$PWD" "$@"')):
        (copy / f".venv/bin/{name}").write_text(f"#!/bin/sh\n{text}\n")
        (copy / f".venv/bin/{name}").chmod(0o755)
    record = f'home="{copy}"; . deploy/venv.sh; fingerprint requirements.lock > .venv/made-from-requirements.lock'
    subprocess.run(["bash", "-c", record], cwd=copy, check=True)


def test_made_environment_is_used_as_it_is(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    make_environment(copy)
    elsewhere = tmp_path_factory.mktemp("else where")
    command = [copy / "run_local.sh", "--input", "a b*"]
    result = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=True)
    assert result.stdout == f"{elsewhere} ingest --input a b*\n"
    assert result.stderr == ""


def test_without_arguments_runs_the_examples_in_the_project(copy: Path) -> None:
    make_environment(copy)
    result = subprocess.run([copy / "run_local.sh"], cwd="/", capture_output=True, text=True, check=True)
    inputs = "--input examples/*/** --input examples/*.jsonl"
    assert result.stdout == f"{copy} ingest {inputs} --output out --as_of 2025-03-24T12:00:00Z\n"


@pytest.mark.parametrize("change", ["requirements.lock", "pyproject.toml"])
def test_changed_file_asks_for_an_installation(copy: Path, change: str) -> None:
    make_environment(copy)
    (copy / change).write_text("changed")
    (copy / ".venv/bin/python").write_text("#!/bin/sh\n[ $# -eq 2 ]\n")  # does run, but cannot install
    result = run(copy / "run_local.sh", "false")
    assert result.returncode == 1
    assert result.stderr.startswith("Setting up .venv from requirements.lock")
    assert "The installation failed" in result.stderr
    assert (copy / ".venv/unfinished").exists()


def test_each_lock_holds_every_pin_of_the_one_before() -> None:
    least, development, tools, models, cloud, airflow = (set(PIN.findall(text)) for text in LOCKS.values())
    assert len(least) > 14
    assert least < development < models
    assert least < cloud
    assert development < tools
    assert "apache-airflow" in dict(airflow)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_place(name: str) -> None:
    """A lock file is the same wherever it was made: versions and hashes, no index, no path."""
    lines = LOCKS[name].splitlines()
    assert all(re.match(r"#|[a-z0-9-]+==|    --hash=sha256:[0-9a-f]{64}", line) for line in lines)
