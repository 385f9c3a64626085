"""Canonical URLs: the same address for the same page, one that still works for a reader."""

import re
from urllib.parse import quote, urljoin

from w3lib.url import canonicalize_url

from transforms.clean.redirects import find_target
from transforms.clean.tracking import is_tracking
from transforms.clean.variants import key_address

_LONGEST = 8_192  # characters
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufeff]")
_WEB = re.compile(r"(https?)://([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(#.*)?", re.IGNORECASE | re.DOTALL)
# Already canonical, as most links are: no port, query, escape or dot segment.
_PLAIN = re.compile(r"https?://(?=[^/]{1,253}/)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?!\.)[\w.~!$()*,:@=+-]*)+", re.ASCII)
_HOST = re.compile(r"(?=.{1,259}$)(?:[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?")
_DEFAULT_PORT = {"http": "80", "https": "443"}
_AMPERSAND = re.compile(r"&(?:amp;)+", re.IGNORECASE)  # escaped once too often
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "%!$&'()*,-./:;=?@_~+#[]"
_USERINFO = re.compile(r"(?<=://)[^/?#\s]*@")


def canonical_url(url: str) -> str:
    """The URL in canonical form (RFC 3986, 6.2); an empty string for what is no absolute http or https URL.

    Scheme and host in lower case, the host in ASCII; no credentials, default port, dot segments, session or
    tracking parameters; escapes normalised; no fragment but a `#!` one. The scheme, the order of the
    parameters and a trailing slash stay as given, for a server may care. An address that only passes the reader
    on to one that it holds (an AMP cache, a click counter) is that one. Idempotent.
    """
    if _is_plain(url) and "/s/" not in url:
        return url
    canonical = _canonical(url)
    while (target := _target(canonical)) and (further := _canonical(target)):
        canonical = further
    return canonical


def web_address(url: str) -> str:
    """An http or https URL as `canonical_url` gives it, but with its whole query: it may be signed."""
    if _is_plain(url):
        return url
    address, query, _ = _split(url)
    return address + _query(query.split("&")) if address and query else address


def is_key_url(url: str) -> bool:
    """Whether a canonical URL can stand for one article: it is not a site's bare home page."""
    key = key_address(url)
    return "/" in key or "?" in key or "#" in key


def without_credentials(text: str) -> str:
    """The text with the userinfo of any URL in it taken out."""
    return _USERINFO.sub("", text) if "@" in text else text


def printable(url: str) -> str:
    """The URL without characters that cannot be seen, which none means to hold."""
    return _UNPRINTABLE.sub("", url)


def resolve(base: str, url: str) -> str:
    """The URL, resolved against the base; an empty string where it is none."""
    if url.startswith(("https://", "http://")):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _is_plain(url: str) -> bool:
    return len(url) <= _LONGEST and _PLAIN.fullmatch(url) is not None


def _canonical(url: str) -> str:
    address, query, fragment = _split(url)
    if address and query:
        address += _query([parameter for parameter in query.split("&") if not is_tracking(parameter)])
    return address + _escaped(fragment) if address and fragment.startswith("#!") else address


def _target(url: str) -> str:
    """The address that a canonical URL holds and leads to; empty for most."""
    if "/s/" not in url and url.find("http", 1) < 0:
        return ""
    address, _, query = url.partition("://")[2].partition("?")
    host, slash, path = address.partition("/")
    return find_target(host.partition(":")[0], slash + path, query)


def _split(url: str) -> tuple[str, str, str]:
    """Address (scheme, host, path), query and fragment; no address for what is no http or https URL."""
    parts = _WEB.fullmatch(_AMPERSAND.sub("&", printable(url[: _LONGEST + 1]).strip()))
    if parts is None or len(url) > _LONGEST:
        return "", "", ""
    scheme, authority, path, query, fragment = parts.groups(default="")
    return _address(scheme.lower(), authority, path), query, fragment


def _address(scheme: str, authority: str, path: str) -> str:
    """Scheme, host and path; empty where the host is none."""
    if _is_plain(given := f"{scheme}://{authority}{path}"):
        return given
    host = _host(scheme, authority.rpartition("@")[2])
    path = _SESSION.sub("", path.replace("\\", "/"))
    try:
        address = canonicalize_url(f"{scheme}://{host}{_escaped(path)}")
    except ValueError:  # a port or an IPv6 address that is none
        return ""
    return address if _HOST.fullmatch(address.split("/", 3)[2]) else ""


def _host(scheme: str, given: str) -> str:
    """The host without a final dot, and its port where it is not the default; empty where it is neither."""
    match = _HOST_AND_PORT.fullmatch(given)
    if match is None:
        return ""
    host, port = match[1].rstrip("."), match[2]
    return f"{host}:{port}" if port and port != _DEFAULT_PORT[scheme] else host


def _query(parameters: list[str]) -> str:
    kept = "&".join(parameter for parameter in parameters if parameter)
    return "?" + _escaped(kept) if kept else ""


def _escaped(text: str) -> str:
    """Escapes in upper case and only where needed (RFC 3986, 6.2.2)."""
    if "%" in text:
        text = _ESCAPE.sub(_needed, text)
    return quote(text, safe=_SAFE)


def _needed(escape: re.Match[str]) -> str:
    if not escape[1]:
        return "%25"
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
