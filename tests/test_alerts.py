"""Alerts are taken by Prometheus' own tool, and fire when they should."""

import subprocess
from pathlib import Path

import pytest

ALERTS = Path(__file__).parent.parent / "deploy/prometheus"


@pytest.mark.tools
@pytest.mark.parametrize("arguments", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]])
def test_promtool_is_content(arguments: list[str]) -> None:
    done = subprocess.run(["promtool", *arguments], cwd=ALERTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout
