"""Stored signatures that share a key with new texts, against a search through all of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from schemas.keys import FACTS, KEYS, PERMUTATIONS, SIGNATURES, SOUGHT
from tests.dataset import A_RUN, rows
from transforms.deduplicate.candidates import near_matrix
from transforms.deduplicate.settings import date_of
from transforms.deduplicate.stored.signature_files import stored_uids
from transforms.deduplicate.stored.stored_signatures import block_of, find_sought, seek
from transforms.write.parquet import encode

Rows = NDArray[Any]
DAYS = range(-4, 26)  # since the epoch
PER_DAY = 8
CHANCE = np.random.default_rng(2)


def texts(count: int) -> NDArray[np.uint16]:
    """Signatures of which each has some bands of one of 20."""
    base = np.random.default_rng(9).integers(0, 65_536, (20, PERMUTATIONS), np.uint16)[CHANCE.integers(0, 20, count)]
    own = CHANCE.integers(0, 65_536, (count, PERMUTATIONS), np.uint16)
    is_own = np.repeat(CHANCE.random((count, PERMUTATIONS // 4)) < CHANCE.random((count, 1)), 4, axis=1)
    return np.where(is_own, own, base)


STORED = {day: texts(PER_DAY) for day in DAYS}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset with two files of signatures for each day; article 8 * day + n has the n-th."""
    folder = tmp_path_factory.mktemp("signatures")
    for day, signatures in STORED.items():
        for part in (0, 1):
            given = [
                {"article": 1000 + day * PER_DAY + n, "story": 7, "published": n, "signature": signatures[n].tolist()}
                for n in range(part, PER_DAY, 2)
            ]
            write(folder, day, part, given)
    return str(folder)


def write(folder: Path, day: int, part: int, given: list[dict[str, Any]]) -> Path:
    """A file of signatures."""
    path = folder / SIGNATURES.name / f"date={date_of(day)}" / f"part-{part}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(SIGNATURES, rows(SIGNATURES, given), A_RUN))
    return path


def new_facts(count: int, days: NDArray[np.int64]) -> Rows:
    facts = np.zeros(count, FACTS)
    facts["signature"], facts["day"], facts["comparable"] = texts(count), days, True
    return facts


def find_all(output: str, facts: Rows, near_days: int) -> tuple[Rows, Rows]:
    """What is found in all blocks."""
    found = [
        find_sought(output, block, np.frombuffer(packed, SOUGHT), near_days)
        for block, packed in seek(facts, near_days).items()
    ]
    return tuple(np.concatenate(side) for side in zip(*found, strict=True))


@pytest.mark.parametrize("near_days", [0, 1, 3, 40])
def test_what_shares_a_key_within_the_days_is_found_once(output: str, near_days: int) -> None:
    facts = new_facts(6, CHANCE.integers(DAYS.start - 2, DAYS.stop + 2, 6))
    found, keys = find_all(output, facts, near_days)
    assert keys.dtype == KEYS
    expected: set[tuple[int, int]] = set()
    for day, signatures in STORED.items():
        near = facts[np.abs(facts["day"] - day) <= near_days]
        stored = np.zeros(PER_DAY, FACTS)
        stored["signature"] = signatures
        shared = np.isin(near_matrix(stored), near_matrix(near)) & (near_matrix(stored) != 0)
        for n in range(PER_DAY):
            expected |= {(1000 + day * PER_DAY + n, key) for key in near_matrix(stored)[n][shared[n]].tolist()}
    assert expected or not near_days
    articles = dict(zip(found["uid"].tolist(), found["article"].tolist(), strict=True))
    given = list(zip(map(articles.get, keys["uid"].tolist()), keys["key"].tolist(), strict=True))
    assert len(set(given)) == len(given)
    assert set(given) == expected
    assert sorted(found["article"].tolist()) == sorted({article for article, _ in expected})


def test_what_is_found_is_as_it_was_stored(output: str) -> None:
    facts = new_facts(1, np.array([3]))
    facts["signature"] = STORED[4][5]
    found, _ = find_all(output, facts, 1)
    (same,) = found[found["article"] == 1000 + 4 * PER_DAY + 5]
    assert same["signature"].tolist() == STORED[4][5].tolist()
    assert (same["story"], same["published"], same["day"]) == (7, 5, 4)
    assert same["stored"]
    assert same["comparable"]


def test_files_that_are_new_or_gone_are_noticed(tmp_path: Path) -> None:
    facts = new_facts(1, np.array([3]))
    paths = []
    for number in (0, 1):
        given = [{"article": number, "story": 7, "published": 0, "signature": facts["signature"][0].tolist()}]
        paths.append(write(tmp_path, 4, number, given))
        assert sorted(find_all(str(tmp_path), facts, 1)[0]["article"].tolist()) == list(range(number + 1))
    paths[0].unlink()
    assert find_all(str(tmp_path), facts, 1)[0]["article"].tolist() == [1]


def test_texts_too_short_to_compare_seek_nothing() -> None:
    facts = new_facts(3, np.array([1, 2, 3]))
    facts["comparable"] = False
    assert seek(facts, 3) == {}


@pytest.mark.parametrize("near_days", [0, 3])
def test_the_days_around_one_are_in_two_blocks_at_most(near_days: int) -> None:
    for day in DAYS:
        around = np.arange(day - near_days, day + near_days + 1, dtype=np.int32)
        assert len(np.unique(block_of(around, near_days))) <= 2


def test_an_empty_dataset_has_none(tmp_path: Path) -> None:
    found, keys = find_all(str(tmp_path), new_facts(2, np.array([1, 9])), 3)
    assert (len(found), len(keys)) == (0, 0)


def test_the_versions_of_an_article_have_a_uid_each() -> None:
    facts = np.zeros(PERMUTATIONS, FACTS)
    facts["article"] = 7
    facts["signature"][np.arange(1, PERMUTATIONS), np.arange(1, PERMUTATIONS)] = 1
    assert len(np.unique(stored_uids(facts))) == PERMUTATIONS
