from importlib.util import find_spec
from pathlib import Path

import pytest

from pipelines.command import USAGE, main


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_a_package_that_training_needs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "entities", "--profile", "accurate", "--data", str(tmp_path)]) == USAGE
    assert "torch" in (said := capsys.readouterr().err)
    assert "pip install 'dateline[train-accurate]'" in said


@pytest.mark.skipif(find_spec("pycrfsuite") is None, reason="the extra train is not installed")
def test_a_folder_without_data_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "entities", "--data", str(tmp_path)]) == USAGE
    assert str(tmp_path) in capsys.readouterr().err


def test_unknown_options_are_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "entities", "--data", "x", "--epochs", "3"]) == USAGE
    assert "--epochs" in capsys.readouterr().err
