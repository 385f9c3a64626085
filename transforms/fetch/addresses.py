"""Which addresses may be connected to. A feed list names hosts; a hostile one could name ours.

Refused: everything that the IANA special-purpose registries do not give to the public internet
(iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry), and the addresses at which
clouds hand out a machine's secrets. IPv4 addresses inside IPv6 ones (mapped, 6to4, NAT64) are judged as IPv4.
"""

import contextlib
import functools
import ipaddress
import socket

import httpcore

from schemas.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "cloud metadata",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "2001::/23": "reserved",  # Teredo, too
    "2001:db8::/32": "documentation",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
_SPECIAL_NETWORKS = [(ipaddress.ip_network(network), reason) for network, reason in _SPECIAL.items()]
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def refusal(address: Address, allowed: tuple[str, ...] = ()) -> str:
    """Why `address` is not connected to, in a word or two; empty where it may be."""
    judged = embedded_ipv4(address) or address
    if any(judged in network for network in _networks(allowed)):
        return ""
    for network, reason in _SPECIAL_NETWORKS:
        if judged in network:
            return reason
    return "reserved" if judged.version == 6 and judged not in _PUBLIC_IPV6 else ""


def embedded_ipv4(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet sent to an IPv6 address ends at, for mapped, 6to4 and NAT64 ones."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def resolve(host: str, port: int, allowed: tuple[str, ...] = ()) -> list[str]:
    """Every address of `host`, in the resolver's order.

    Raises AddressRefused, naming host and address, if one of them may not be connected to, and
    httpcore.ConnectError where the name does not resolve.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} does not resolve") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if reason := refusal(ipaddress.ip_address(address), allowed):
            raise AddressRefused(f"{host} leads to {address} ({reason})")
    return addresses


def check_where_known(host: str, port: int, allowed: tuple[str, ...] = ()) -> None:
    """Raise AddressRefused as `resolve` does; a name that only others can resolve passes."""
    with contextlib.suppress(httpcore.ConnectError):
        resolve(host, port, allowed)


@functools.cache
def _networks(allowed: tuple[str, ...]) -> list[Network]:
    return [ipaddress.ip_network(network) for network in allowed]
