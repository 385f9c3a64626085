"""One key for all addresses of a page: with and without TLS, `www.`, `m.`, `/amp`, `index.html`."""

from functools import lru_cache
from importlib.resources import files

from transforms.clean.publisher import registrable_domain

_LINES = (files("transforms.clean") / "page_variants.txt").read_text("utf-8").splitlines()
_RULES = [tuple(line.split()) for line in _LINES if line and not line.startswith("#")]
_LABELS, _SEGMENTS, _LAST, _PARAMETERS = (
    frozenset(value for kind, value in _RULES if kind == wanted) for wanted in ("host", "segment", "last", "parameter")
)
_ENDINGS = tuple(sorted((last for last in _LAST if last.startswith(".")), key=len, reverse=True))


def key_address(url: str) -> str:
    """What tells a canonical URL's page from all others; no address to open.

    Without the scheme, a final slash and what `page_variants.txt` lists; parameters in order. Of two URLs with
    one key, one may lead nowhere, but they never lead to two articles.
    """
    address, hash_mark, fragment = url.partition("://")[2].partition("#")
    address, _, query = address.partition("?")
    host, _, path = address.partition("/")
    key = _host_key(host) + _path_key(path)
    if query:
        key += "?" + query if "&" not in query and query not in _PARAMETERS else _query_key(query)
    return key + hash_mark + fragment


@lru_cache(maxsize=65_536)
def _host_key(host: str) -> str:
    """The host without the labels that say for what device it is; those of the registered domain stay."""
    domain = registrable_domain(f"https://{host}/")
    name, _, port = host.partition(":")
    if not domain or not name.endswith(domain):
        return host
    labels = name.removesuffix(domain).split(".")[:-1]
    kept = [label for label in labels if label not in _LABELS]
    return ".".join([*kept, domain]) + (f":{port}" if port else "")


def _path_key(path: str) -> str:
    """Each segment kept after a slash."""
    path = path.rstrip("/")
    if not path:
        return ""
    lowered = path.lower()
    if "amp" not in lowered and lowered.rpartition("/")[2] not in _LAST:
        return "/" + path
    segments = [segment for segment in path.split("/") if segment.lower() not in _SEGMENTS]
    if segments and segments[-1].lower() in _LAST:
        segments.pop()
    kept = "".join(["/" + segment for segment in segments])
    return next((kept[: -len(end)] for end in _ENDINGS if kept.lower().endswith(end)), kept)


def _query_key(query: str) -> str:
    kept = sorted(parameter for parameter in query.split("&") if parameter.lower() not in _PARAMETERS)
    return "?" + "&".join(kept) if kept else ""
