"""Typed reading of JSON objects from outside."""

import json
from typing import Any

import orjson

from schemas.errors import Malformed


def load_json(data: bytes | str) -> Any:
    """The JSON value, lone surrogates in its strings replaced. Raises Malformed for anything else."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            raise Malformed(f"not JSON: {error}") from error
    try:
        return _scrub(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error


def read_string(record: dict[str, Any], key: str) -> str:
    """The string under `key`, NUL as a space, or an empty one where it is missing or null.

    Raises Malformed for another type.
    """
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{key} is {_name_type(value)}, not a string")
    return value.replace("\0", " ")


def read_strings(record: dict[str, Any], key: str) -> list[str]:
    """The list of strings under `key`; a single string is a list of one. Raises Malformed for another type."""
    value = record.get(key)
    if value is None or value == "":
        return []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Malformed(f"{key} is {_name_type(value)}, not a list of strings")
    return [text.replace("\0", " ") for text in value]


def read_flag(record: dict[str, Any], key: str) -> bool | None:
    """The boolean under `key`, or None. Raises Malformed for another type."""
    value = record.get(key)
    if value is not None and not isinstance(value, bool):
        raise Malformed(f"{key} is {_name_type(value)}, not true or false")
    return value


def _name_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), f"a number ({value!r:.40})")


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_scrub(part) for part in value]
    if isinstance(value, dict):
        return {_scrub(key): _scrub(part) for key, part in value.items()}
    return value
