"""Proxies: which one a URL is asked for through, if any."""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.errors import UsageError
from transforms.fetch.headers import basic_authorization
from transforms.fetch.urls import SCHEMES, on_the_wire, origin, shown, split_credentials


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy listens, such as `http://proxy.example.org:3128`, and what it wants to be told."""

    url: str  # without credentials
    headers: list[tuple[str, str]] = field(default_factory=list, repr=False)


def find_proxy(url: str, given: str = "") -> Proxy | None:
    """The proxy to ask for `url` through: `given`, or else what the environment names for its scheme.

    That is `http_proxy` or `https_proxy`, else `all_proxy`, each in lower case or else in upper case; one that is
    set to nothing means none. None, too, for hosts that `no_proxy` names, whoever names the proxy. `given` may have
    `${VARIABLE}` in its credentials. Raises ValueError, with a message that holds no password, for what is no proxy.
    """
    scheme, host, port = origin(url)
    name, address = ("--proxy", given) if given else _variable(f"{scheme}_proxy", "all_proxy")
    if not address or is_excepted(host, port, _variable("no_proxy")[1]):
        return None
    try:
        return _read(address)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def check_proxies(given: str) -> None:
    """Raise UsageError where `given`, or what the environment names here, is no proxy."""
    try:
        for scheme in SCHEMES:
            find_proxy(f"{scheme}://host.invalid", given)
    except ValueError as error:
        raise UsageError(str(error)) from None


def is_excepted(host: str, port: int, exceptions: str) -> bool:
    """Whether `exceptions`, in the form of `no_proxy`, name the host: `*`, or any of those between commas or spaces.

    A name stands for itself and all names below it, with or without a leading dot or `*.`; an address may be a
    network, such as 10.0.0.0/8; each may have a port.
    """
    entries = [_without_port(entry, str(port)) for entry in re.split(r"[\s,]+", exceptions.lower())]
    return "*" in entries or any(_covers(entry, host) for entry in entries if entry)


def _without_port(entry: str, port: str) -> str:
    """The entry as a name, an address or a network; nothing where it has another port."""
    name, colon, own = entry.rpartition(":")
    if not colon or (":" in name and not name.endswith("]")):  # the colons of an IPv6 address
        return entry
    return name if own == port else ""


def _covers(entry: str, host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f".{host.rstrip('.')}".endswith(f".{entry.removeprefix('*').strip('.')}")
    try:
        return address in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False


def _variable(*names: str) -> tuple[str, str]:
    for name in names:
        for spelled in (name, name.upper()):
            if spelled in os.environ:
                return spelled, os.environ[spelled].strip()
    return "", ""


def _read(address: str) -> Proxy:
    full = address if "://" in address else f"http://{address}"
    url, credentials = split_credentials(full)
    parts = urlsplit(full)
    if parts.path.strip("/") or parts.query or parts.fragment:  # as where a password holds one of / ? #
        raise ValueError(f"{shown(full)!r} is not the address of a proxy, as in http://proxy.example.org:3128")
    headers = [("Proxy-Authorization", basic_authorization(credentials))] if credentials else []
    return Proxy(on_the_wire(url).rstrip("/"), headers)
