"""What a text says of itself, by field of an Entry."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from transforms.parse.text.bylines import split_names

_LIST_SEPARATORS = ";,|、，；"


@dataclass(slots=True)
class Said:
    """The values of each field, in the order found; where a field holds one, the first is it."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        """One more value of a field; none where it is empty or was said before."""
        values = self.values.setdefault(name, [])
        if value and value not in values:
            values.append(value)

    def add_given(self, name: str, value: str) -> None:
        """What stands after a key such as `Author:`: several names or subjects are split, an address is checked."""
        if name == "authors":
            parts = split_names(value) or [value]
        elif name == "categories":
            parts = _split_list(value)
        elif name == "link":
            parts = [value] if value.startswith(("http://", "https://")) else []
        else:
            parts = [value]
        for part in parts:
            self.add("published" if name == "date" else name, part.strip())

    def first(self, name: str) -> str:
        """The value that counts; empty where there is none."""
        return next(iter(self.values.get(name, [])), "")

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return self.values.get(name, [])


def find_field(key: str) -> str:
    """The field that a key such as `Author` or `publish_date` stands for; empty for an unknown key."""
    return _fields().get(key.casefold().replace("_", " ").replace("-", " ").strip(), "")


@cache
def _fields() -> dict[str, str]:
    return {name: field for field, names in read_names().items() for name in names}


@cache
def read_names() -> dict[str, list[str]]:
    """The names of each field, in lower case."""
    text = files(__package__).joinpath("header_fields.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return {field: names.split("|") for field, names in rows}


def _split_list(value: str) -> list[str]:
    for separator in _LIST_SEPARATORS:
        value = value.replace(separator, ",")
    return [part.strip(" #\"'") for part in value.split(",")]
