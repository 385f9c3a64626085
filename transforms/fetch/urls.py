"""URLs as fetching needs them: credentials apart, http and https alone."""

import re
import string
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

SCHEMES = {"http": 80, "https": 443}
_CREDENTIALS = re.compile(r"^([a-z][a-z0-9+.-]*://)?.*@", re.DOTALL | re.IGNORECASE)


def split_credentials(address: str) -> tuple[str, str]:
    """The URL without its credentials and fragment, its host in lower case; and `user:password` (or nothing).

    Raises ValueError, with a message that is safe to show, for what is no URL of http or https.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or " " in address or not address.isprintable():  # some lists hold zero-width spaces
        raise ValueError(f"{shown(address)!r} is not an http or https URL")
    userinfo, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=host.lower(), fragment="")), unquote(userinfo)


def shown(address: str) -> str:
    """The address, however malformed, cut short and without anything that may be a password."""
    return _CREDENTIALS.sub(r"\1", address)[:200]


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what two URLs share that may be sent the same credentials."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or SCHEMES[parts.scheme]


def authority(url: str) -> str:
    """What a Host header says of a URL (RFC 9110, 7.2): its host, and its port where that is not the scheme's own."""
    scheme, host, port = origin(url)
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if port == SCHEMES[scheme] else f"{bracketed}:{port}"


def host_of(url: str) -> str:
    """The host that a URL names, in lower case."""
    return urlsplit(url).hostname or ""


def on_the_wire(url: str) -> str:
    """The URL in ASCII: percent-encoded, its host in IDNA. Raises ValueError where that cannot be done."""
    encoded = safe_url_string(url)
    encoded.encode("ascii")
    return encoded


def redirect_target(base: str, location: bytes) -> str:
    """The absolute URL that a Location header leads to; bytes that no URL may hold are percent-encoded."""
    return urljoin(base, quote(location.strip(), safe=string.punctuation))
