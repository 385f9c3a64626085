"""Query parameters that say how a reader came to a page or how it is shown, not which page it is."""

from importlib.resources import files

_LINES = (files("transforms.clean") / "tracking_parameters.txt").read_text("utf-8").splitlines()
_RULES = [line for line in _LINES if line and not line.startswith("#")]
_PREFIXES = tuple(rule[:-1] for rule in _RULES if rule.endswith("*"))
_EXACT = frozenset(rule for rule in _RULES if not rule.endswith("*"))


def is_tracking(parameter: str) -> bool:
    """Whether a parameter (`name` or `name=value`) is one of `tracking_parameters.txt`."""
    name, _, value = parameter.lower().partition("=")
    return name in _EXACT or name.startswith(_PREFIXES) or f"{name}={value}" in _EXACT
