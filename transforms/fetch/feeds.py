"""A feed of a list, with its settings."""

import shlex
import zoneinfo
from dataclasses import dataclass, field

from schemas.errors import UsageError
from transforms.fetch.headers import own_headers
from transforms.fetch.urls import split_credentials

_SETTINGS = ("title", "collection", "zone", "off", "header", "secret")
_REPEATABLE = ("header", "secret")
_SWITCH = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to poll. What may hold a secret is apart from the URL and left out of the `repr`."""

    url: str  # without credentials
    title: str = ""
    collection: str = ""
    zone: str = ""  # to assume where a date gives none
    off: bool = False
    headers: list[str] = field(default_factory=list, repr=False)  # "Name: value"
    secrets: list[str] = field(default_factory=list, repr=False)  # "Name: value", with ${VARIABLE} in it
    credentials: str = field(default="", repr=False)  # "user:password", either of them maybe ${VARIABLE}


def make_feed(address: str, settings: str, place: str, title: str = "", collection: str = "") -> Feed:
    """The feed at `address`, with `settings` as a list of feeds writes them (see `feed_lists`).

    Raises UsageError, naming `place`, for what cannot be used; no message holds a secret.
    """
    try:
        url, credentials = split_credentials(address)
        values = _parse_settings(settings)
        feed = Feed(
            url=url,
            title=_single(values, "title", title),
            collection=_single(values, "collection", collection),
            zone=_zone(_single(values, "zone", "")),
            off=_switch(_single(values, "off", "no")),
            headers=values["header"],
            secrets=values["secret"],
            credentials=credentials,
        )
        if not feed.off:
            own_headers(feed.headers, feed.secrets, feed.credentials)
    except ValueError as error:
        raise UsageError(f"{place}: {error}") from error
    return feed


def _parse_settings(settings: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {name: [] for name in _SETTINGS}
    previous = ""
    for word in shlex.split(settings, comments=True):
        name, sign, value = word.partition("=")
        if name not in _SETTINGS or not sign:
            if previous in _REPEATABLE:  # the word may be the rest of a secret: not for a message
                raise ValueError(f"after {previous}= a word that is no setting; put the value in quotes")
            raise ValueError(f"{name[:50]!r} is not one of the settings {', '.join(_SETTINGS)} (name=value)")
        values[name].append(value)
        previous = name
    return values


def _single(values: dict[str, list[str]], name: str, default: str) -> str:
    if len(values[name]) > 1:
        raise ValueError(f"the setting {name} is given twice")
    return values[name][0] if values[name] else default


def _zone(name: str) -> str:
    try:
        if name:
            zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise ValueError(f"zone={name[:50]!r} is not a time zone, as in Europe/Paris") from None
    return name


def _switch(value: str) -> bool:
    if value not in _SWITCH:
        raise ValueError(f"off={value[:50]!r} is neither yes nor no")
    return _SWITCH[value]
