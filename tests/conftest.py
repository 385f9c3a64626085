"""How tests are run: the longest first, and without what Beam finds out anew for each of hundreds of pipelines."""

import copy
import os
from functools import cache
from types import FunctionType, MethodType
from typing import Any

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms import core

_find_arguments = core.get_function_args_defaults
_parse_options = PipelineOptions.__init__


def pytest_configure() -> None:
    """Let Beam look at each method once, and parse the same options once: two thirds of what a small run takes.

    No proxy of this machine has a part in it.
    """
    core.get_function_args_defaults = _arguments
    PipelineOptions.__init__ = _parse_once  # type: ignore[method-assign]
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]  # tests fetch from this machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests marked `slow(minutes=...)` first: the others are run meanwhile, on another core."""
    items.sort(key=_minutes, reverse=True)


def _minutes(item: pytest.Item) -> int:
    marker = item.get_closest_marker("slow")
    minutes: int = marker.kwargs.get("minutes", 0) if marker else 0
    return minutes


def _arguments(function: Any) -> Any:
    if not isinstance(function, MethodType) or not isinstance(function.__func__, FunctionType):
        return _find_arguments(function)
    names, defaults = _arguments_of_method(function.__func__)
    return list(names), list(defaults)


@cache
def _arguments_of_method(function: FunctionType) -> Any:
    return _find_arguments(MethodType(function, object()))


def _parse_once(self: PipelineOptions, flags: Any = None, **given: Any) -> None:
    if flags is None or given:
        _parse_options(self, flags, **given)
    else:
        vars(self).update(copy.deepcopy(_parsed(type(self), tuple(flags))), _flags=flags)


@cache
def _parsed(kind: type[PipelineOptions], flags: tuple[str, ...]) -> dict[str, Any]:
    parsed = kind.__new__(kind)
    _parse_options(parsed, list(flags))
    return vars(parsed)
