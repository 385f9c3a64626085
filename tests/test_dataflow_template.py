"""The Dataflow template says what the command takes, and its image holds what the lock files pin."""

import argparse
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.declare_options import add_ingest_options
from pipelines.options import IngestOptions

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "deploy/dataflow"
PARAMETERS = json.loads((TEMPLATE / "metadata.json").read_text())["parameters"]
OF_METADATA = {"name", "label", "helpText", "paramType", "isOptional", "regexes"}


@pytest.fixture(scope="module")
def options() -> dict[str, argparse.Action]:
    """The options of `dateline ingest` by name."""
    parser = argparse.ArgumentParser(add_help=False)
    add_ingest_options(parser)
    return {action.dest: action for action in parser._actions}


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter["name"])
def test_parameter_is_an_option_with_a_value(parameter: dict[str, Any], options: dict[str, argparse.Action]) -> None:
    action = options[parameter["name"]]
    assert action.nargs is None
    assert action.required is not parameter.get("isOptional", False)
    assert parameter.keys() <= OF_METADATA


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter["name"])
def test_examples_fit_what_a_parameter_allows(parameter: dict[str, Any], options: dict[str, argparse.Action]) -> None:
    action = options[parameter["name"]]
    patterns = [re.compile(pattern) for pattern in parameter.get("regexes", [])]
    examples = re.findall(r"such as (\S+?)[.;]?(?:$|\s)", parameter["helpText"])
    given = getattr(IngestOptions, action.dest) if action.default == argparse.SUPPRESS else action.default
    default = [] if given in (None, "", []) else [str(given)]
    for value in [*examples, *(action.choices or []), *default]:
        assert all(pattern.fullmatch(value) for pattern in patterns), value


def test_the_image_has_the_version_of_beam_that_is_locked() -> None:
    beam = re.search(r"^ARG BEAM=apache/beam_python3\.11_sdk:(.+)$", (TEMPLATE / "Dockerfile").read_text(), re.M)
    assert beam
    for name in ("requirements.lock", "requirements-cloud.lock"):
        assert f"\napache-beam=={beam[1]} " in (ROOT / name).read_text()
