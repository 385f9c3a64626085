"""Documents made to cost much: each is read or refused by name, and what is past a bound is one reject."""

from contextlib import suppress

import pytest

from benchmarks.speed.hostile_documents import DOCUMENTS
from schemas.errors import BadRecord
from tests.parsing import parse

SIZE = 100_000  # bytes; benchmarks.speed.bounds measures time and memory at a hundred times that


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_documents_are_read_or_refused(name: str) -> None:
    with suppress(BadRecord):
        for entry in parse(DOCUMENTS[name](SIZE)):
            assert len(entry.body) <= SIZE
