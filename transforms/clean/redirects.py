"""Addresses that hold the address they lead to: search results, AMP caches, click counters."""

from importlib.resources import files
from urllib.parse import unquote

_LINES = (files("transforms.clean") / "redirectors.txt").read_text("utf-8").splitlines()
_RULES: dict[str, list[tuple[str, str]]] = {}
for _host, _path, _holder in (line.split() for line in _LINES if line and not line.startswith("#")):
    _RULES.setdefault(_host, []).append((_path, _holder))


def find_target(host: str, path: str, query: str) -> str:
    """The http or https URL that an address holds, by `redirectors.txt`; empty where it holds none."""
    for start, holder in _rules(host):
        if not path.startswith(start):
            continue
        target = _parameter(query, holder) if holder != "https://" else _rest(path[len(start) :], query)
        if target[:8].lower().startswith(("http://", "https://")):
            return target
    return ""


def _rules(host: str) -> list[tuple[str, str]]:
    first, _, rest = host.partition(".")
    second = rest.partition(".")[0]
    keys = (host, f"*.{host}", f"*.{rest}", f"{first}.*", f"{first}.{second}.*")
    return next((_RULES[key] for key in keys if key in _RULES), [])


def _parameter(query: str, name: str) -> str:
    for parameter in query.split("&"):
        given, _, value = parameter.partition("=")
        if given == name:
            return unquote(value)
    return ""


def _rest(path: str, query: str) -> str:
    """What is left of the path is the address, and the query is its own."""
    return f"https://{path}" + (f"?{query}" if query else "")
