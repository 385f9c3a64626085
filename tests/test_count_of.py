"""Counts in words."""

import pytest

from transforms.count_of import count_of

CASES = {
    "one": (1, "reject", "1 reject"),
    "none": (0, "reject", "0 rejects"),
    "thousands": (1234, "article", "1,234 articles"),
    "a consonant before y": (2, "new entry", "2 new entries"),
    "a vowel before y": (2, "key", "2 keys"),
    "a hissing end": (2, "hash", "2 hashes"),
}


@pytest.mark.parametrize(("count", "what", "expected"), CASES.values(), ids=CASES)
def test_a_count_agrees_with_its_noun(count: int, what: str, expected: str) -> None:
    assert count_of(count, what) == expected
