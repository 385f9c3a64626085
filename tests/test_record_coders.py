"""Records in the shuffle."""

import subprocess
import sys
import uuid

import pytest
from apache_beam.coders.row_coder import RowCoder
from apache_beam.coders.typecoders import registry

import transforms
from schemas.records import Article, Entry, Reject
from tests.make import article, entry

RECORDS = [article(authors=["Ann"], published_at=None), entry(), Reject("s", "r", "d", "u", b"\x00", "entry", 1)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_records_come_out_as_they_went_in(record: Article | Entry | Reject) -> None:
    coder = registry.get_coder(type(record))
    assert isinstance(coder, RowCoder)
    assert coder.decode(coder.encode(record)) == record


@pytest.mark.parametrize("record", [Article, Entry, Reject])
def test_a_runner_in_another_language_can_read_every_field(record: type) -> None:
    schema = registry.get_coder(record).schema  # type: ignore[attr-defined]
    assert [field.name for field in schema.fields if field.type.HasField("logical_type")] == []


@pytest.mark.parametrize("record", [Article, Entry, Reject])
def test_every_process_knows_a_record_by_the_same_uuid(record: type) -> None:
    code = f"import {transforms.__name__}, schemas.records; print(schemas.records.{record.__name__}._beam_schema_id)"
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert uuid.UUID(elsewhere) == uuid.UUID(record._beam_schema_id)  # type: ignore[attr-defined]
