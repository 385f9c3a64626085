"""How many of what, in words."""


def count_of(count: int, what: str) -> str:
    """`1 article`, `1,234 articles`."""
    return f"{count:,} {noun(count, what)}"


def noun(count: int, what: str) -> str:
    """`story` for one, else `stories`."""
    if count == 1:
        return what
    if what.endswith("y") and what[-2] not in "aeiou":
        return what[:-1] + "ies"
    return what + ("es" if what.endswith(("s", "sh", "ch", "x")) else "s")
