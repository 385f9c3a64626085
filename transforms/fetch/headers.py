"""The request headers that a feed list sets, with the secrets that the environment holds."""

import base64
import os
import re

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)", re.DOTALL)
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]+")  # RFC 9110, 5.5
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OURS = {
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "if-modified-since",
    "if-none-match",
    "transfer-encoding",
}


def own_headers(headers: list[str], secrets: list[str], credentials: str) -> dict[str, str]:
    """Header names, in lower case, and values: those of the list, secrets filled in, basic authentication.

    Raises ValueError, with a message that holds no value, for a malformed header or an unset variable.
    """
    pairs = dict(_split(header) for header in headers)
    if any("${" in value for value in pairs.values()):
        raise ValueError("a header that holds ${...} belongs to the setting secret")
    for secret in secrets:
        name, template = _split(secret)
        if not _VARIABLE.search(template):
            raise ValueError(f"the secret for {name} names no environment variable, as in ${{NAME}}")
        pairs[name] = _fill(template)
    if credentials:
        pairs["authorization"] = basic_authorization(credentials)
    return pairs


def basic_authorization(credentials: str) -> str:
    """The value of a header for `user:password` (RFC 7617, 2), either of them maybe `${VARIABLE}`.

    Raises ValueError, with a message that holds no value, for an unset variable.
    """
    user, _, password = credentials.partition(":")
    return "Basic " + base64.b64encode(f"{_fill(user)}:{_fill(password)}".encode()).decode()


def _split(header: str) -> tuple[str, str]:
    match = _HEADER.fullmatch(header)
    if not match:
        raise ValueError("a header is written as Name: value, in quotes")
    name, value = match[1].lower(), match[2].strip()
    if name in _OURS:
        raise ValueError(f"the header {name} cannot be set")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"the value of the header {name} is empty or holds characters that no header may hold")
    return name, value


def _fill(template: str) -> str:
    return _VARIABLE.sub(lambda match: _variable(match[1]), template)


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ValueError(f"the environment variable {name} is not set")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"the environment variable {name} holds characters that no header may hold")
    return value
