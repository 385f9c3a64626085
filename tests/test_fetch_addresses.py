"""Which addresses may be connected to."""

import ipaddress

import httpcore
import pytest

from schemas.errors import AddressRefused
from transforms.fetch.addresses import refusal, resolve
from transforms.fetch.settings import EVERYWHERE

ADDRESSES = {
    "8.8.8.8": "",
    "100.128.0.1": "",
    "172.32.0.1": "",
    "2606:4700::1111": "",
    "2a00:1450:4001::200e": "",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "10.1.2.3": "private",
    "100.64.0.1": "carrier-grade NAT",
    "100.100.100.200": "carrier-grade NAT",
    "127.0.0.1": "loopback",
    "127.255.1.2": "loopback",
    "168.63.129.16": "cloud metadata",
    "169.254.169.254": "link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "reserved",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarking",
    "203.0.113.9": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.255": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "reserved",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:10.0.0.1": "private",
    "::ffff:169.254.169.254": "link-local",
    "::ffff:8.8.8.8": "",
    "64:ff9b::a00:1": "private",
    "64:ff9b::808:808": "",
    "64:ff9b:1::808:808": "reserved",
    "100::1": "reserved",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "reserved",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "loopback",
    "2002:808:808::": "",
    "3fff::1": "documentation",
    "5f00::1": "reserved",
    "fc00::1": "private",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "fec0::1": "reserved",
    "ff02::1": "multicast",
}


@pytest.mark.parametrize(("address", "reason"), ADDRESSES.items(), ids=ADDRESSES)
def test_only_public_addresses_pass(address: str, reason: str) -> None:
    found = ipaddress.ip_address(address)
    assert refusal(found) == reason
    assert refusal(found, EVERYWHERE) == ""


def test_an_allowed_network_opens_itself_alone() -> None:
    allowed = ("10.2.0.0/16",)
    assert refusal(ipaddress.ip_address("10.2.3.4"), allowed) == ""
    assert refusal(ipaddress.ip_address("::ffff:10.2.3.4"), allowed) == ""
    assert refusal(ipaddress.ip_address("10.3.3.4"), allowed) == "private"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "::1"])
def test_a_name_is_judged_by_its_addresses(host: str) -> None:
    with pytest.raises(AddressRefused, match=rf"^{host} leads to (127\.0\.0\.1|::1) \(loopback\)$"):
        resolve(host, 80)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "a" * 64 + ".org"])
def test_a_name_without_addresses_does_not_resolve(host: str) -> None:
    with pytest.raises(httpcore.ConnectError, match=f"the name {host} does not resolve"):
        resolve(host, 80)


def test_one_forbidden_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(AddressRefused, match=r"two\.test leads to 10\.0\.0\.1 \(private\)"):
        resolve("two.test", 80)
