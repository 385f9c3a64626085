"""What shells make of the script that `dateline completion` prints."""

import subprocess
from pathlib import Path

import pytest

from pipelines.command import main

BASH = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_shtab_dateline dateline "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
fpath=($PWD $fpath) && autoload -U compinit && compinit -u -d dump && autoload +X _dateline && print $_comps[dateline]
"""


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Path:
    """The script for a shell, in a folder with a file and a folder to choose from."""
    assert main(["completion", request.param]) == 0
    (tmp_path / "script").write_text(capsys.readouterr().out)
    (tmp_path / "in.txt").touch()
    (tmp_path / "inner").mkdir()
    return tmp_path / "script"


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        pytest.param(["inge"], ["ingest"], id="command"),
        pytest.param(["ingest", "--near_duplicates", ""], ["drop", "keep"], id="value"),
        pytest.param(["check", "--rep"], ["--repair"], id="option"),
        pytest.param(["ingest", "--input", "in"], ["in.txt", "inner"], id="file"),
        pytest.param(["ingest", "--output", "in"], ["inner"], id="folder"),
    ],
)
@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash_completes(script: Path, words: list[str], choices: list[str]) -> None:
    command = ["bash", "-c", BASH, "bash", script, "dateline", *words]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split()) == choices


@pytest.mark.tools
@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_takes_the_script(script: Path) -> None:
    script.rename(script.with_name("_dateline"))
    subprocess.run(["zsh", "-n", "_dateline"], cwd=script.parent, check=True)
    done = subprocess.run(["zsh", "-f", "-c", ZSH], cwd=script.parent, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("_dateline\n", "")
