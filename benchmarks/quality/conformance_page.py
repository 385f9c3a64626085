"""docs/conformance.md, from what the check of the suites found."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Difference = tuple[str, str, str]  # suite, fixture, field

_INTRO = """# Conformance

How the feeds of four test suites are read. Made by `python -m benchmarks.quality.feeds FOLDER docs/conformance.md`,
where the folder holds the suites; a test holds the page to them where they are at hand.

What a fixture expects of an entry in a field that an article has is held against what is read: texts as they stand or
as the text of their HTML, the white space aside; dates as instants. Expectations of other things (the feed's own
title, types of media, places) are not used. A date is invented if its document does not hold it, or holds it as
another one.
"""
_COLUMNS = ("suite", "fixtures", "refused", "entries", "checked", "differ", "not used", "dated", "invented")


@dataclass
class Result:
    """What the check of a suite found; a difference with what we have in the place."""

    fixtures: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # by reason
    entries: int = 0
    checked: Counter[str] = field(default_factory=Counter)  # by field
    unused: int = 0
    dated: int = 0
    invented: int = 0
    differences: dict[Difference, str] = field(default_factory=dict)

    def counts(self) -> tuple[int, ...]:
        """The numbers of the table, in its order."""
        refused, checked = self.refused.total(), self.checked.total()
        differ = len(self.differences)
        return self.fixtures, refused, self.entries, checked, differ, self.unused, self.dated, self.invented


def table(results: Mapping[str, Result]) -> Iterator[str]:
    """Counts by suite, for a screen."""
    yield f"{_COLUMNS[0]:14}" + "".join(f"{name:>10}" for name in _COLUMNS[1:])
    for suite, result in results.items():
        yield f"{suite:14}" + "".join(f"{count:10}" for count in result.counts())


def conformance_page(results: Mapping[str, Result], reasons: Mapping[Difference, str]) -> str:
    """The page, as Markdown."""
    return "\n".join([_INTRO, *_count_suites(results), *_count_fields(results), *_list_differences(reasons)])


def _count_suites(results: Mapping[str, Result]) -> Iterator[str]:
    yield "| " + " | ".join(_COLUMNS) + " |"
    yield "|---" * len(_COLUMNS) + "|"
    for suite, result in results.items():
        yield "| " + " | ".join([suite, *(f"{count:,}" for count in result.counts())]) + " |"
    refused: Counter[str] = sum((result.refused for result in results.values()), Counter())
    yield "\nRefused, by reason: " + ", ".join(f"{reason} {count}" for reason, count in refused.most_common()) + ".\n"


def _count_fields(results: Mapping[str, Result]) -> Iterator[str]:
    checked: Counter[str] = sum((result.checked for result in results.values()), Counter())
    differ = Counter(name for result in results.values() for _, _, name in result.differences)
    yield "| field | checked | differ |"
    yield "|---|---|---|"
    yield from (f"| {name} | {count:,} | {differ[name]} |" for name, count in checked.most_common())
    yield ""


def _list_differences(reasons: Mapping[Difference, str]) -> Iterator[str]:
    grouped: dict[str, list[Difference]] = defaultdict(list)
    for difference, reason in reasons.items():
        grouped[reason].append(difference)
    yield "## Differences that are meant\n"
    for reason, differences in grouped.items():
        yield f"- {reason[0].upper()}{reason[1:]}:"
        yield from (f"  - {suite} `{fixture}`, {name}" for suite, fixture, name in differences)
    yield ""
