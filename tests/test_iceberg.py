"""Iceberg tables list what the dataset holds, whatever happens to it."""

import contextlib
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyiceberg.catalog
import pytest
from pyiceberg.utils.config import Config

from schemas.errors import UsageError
from schemas.tables import ARTICLES, FEEDS, PARTITIONING, TABLES
from tests.dataset import A_RUN, CLEAN, DAYS, NOON, add_articles, rows
from tests.iceberg import in_order, kill_everywhere, opened, read_back
from tests.object_store import ObjectStore
from tests.runs import exit_code
from tests.small_dataset import make_dataset
from transforms.compact import EVERYTHING, compact
from transforms.iceberg.catalogs import open_catalog, open_table
from transforms.iceberg.expire import expire
from transforms.iceberg.registered import register, sync_registered
from transforms.iceberg.registration import choose_registration, keep_registration, read_registration
from transforms.iceberg.sync import Synced
from transforms.write.parquet import encode
from transforms.write.staging import check_output

KEYS = ("keys",)  # Iceberg has no type for them


@pytest.fixture
def output(tmp_path: Path) -> str:
    """A dataset of two runs, registered after the first: 9 articles over 3 days, two files a day."""
    output = str(tmp_path / "out")
    add_articles(output, "r1", range(6))
    register(output, None, None)
    add_articles(output, "r2", range(9))
    return output


def stored(output: str) -> dict[str, list[dict[str, object]]]:
    """What the files hold, read without Iceberg."""
    found = {}
    for table in TABLES:
        if list(Path(output, table.name).rglob("*.parquet")):
            partitioning = PARTITIONING if table.dated else None
            dataset = ds.dataset(f"{output}/{table.name}", format="parquet", partitioning=partitioning)
            found[table.name] = in_order(dataset.to_table(), KEYS)
    return {name: rows for name, rows in found.items() if rows}


def locations(output: str) -> set[str]:
    with opened(output) as iceberg:
        return {task.file.file_path.removeprefix(f"file://{output}/") for task in iceberg.scan().plan_files()}


def test_all_tables_of_a_dataset_are_read_back(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "a dataset%20é"))
    assert exit_code(["iceberg", output]) == 0
    assert read_back(output) == stored(output)
    assert not any(table.added or table.removed for table in sync_registered(output))
    assert not list(Path(output, "_iceberg").rglob("*.parquet"))


def test_each_commit_adds_its_own_files(output: str) -> None:
    synced = {table.table: table for table in sync_registered(output)}
    assert synced["articles"] == Synced("articles", added=3, removed=0, rows=9)
    assert not any(table.added or table.removed for table in sync_registered(output))
    assert read_back(output) == stored(output)
    with opened(output) as iceberg:
        assert [each.summary.operation.value for each in iceberg.snapshots()] == ["append", "append"]


def test_a_query_of_one_day_plans_its_files_alone(output: str) -> None:
    sync_registered(output)
    with opened(output) as iceberg:
        scan = iceberg.scan(row_filter=f"date = '{DAYS[1]}'", selected_fields=("article_id", "date"))
        files = [task.file.file_path for task in scan.plan_files()]
        assert {path.removeprefix(f"file://{output}/articles/").partition("/")[0] for path in files} == {
            f"date={DAYS[1]}"
        }
        assert {str(row["date"]) for row in scan.to_arrow().to_pylist()} == {DAYS[1]}
        assert scan.to_arrow().num_rows == 3


def test_a_query_of_what_is_new_plans_the_new_files_alone(output: str) -> None:
    sync_registered(output)
    with opened(output) as iceberg:
        scan = iceberg.scan(row_filter="ingested_at > '2025-03-22T12:00:00+00:00'")
        assert {Path(task.file.file_path).name.split("-")[1] for task in scan.plan_files()} == {"r2"}
        assert scan.to_arrow().num_rows == 3


def test_duckdb_reads_through_pyiceberg_what_it_reads_in_the_files(output: str) -> None:
    sync_registered(output)
    query = "SELECT date, count(*), min(article_id), max(length(body)) FROM {} GROUP BY date ORDER BY date"
    with opened(output) as iceberg, iceberg.scan().to_duckdb("articles") as connection:
        through = connection.sql(query.format("articles")).fetchall()
    assert through == duckdb.sql(query.format(f"'{output}/articles/**/*.parquet'")).fetchall()
    assert len(through) == 3


def test_the_page_for_analysts_reads_it_so(output: str) -> None:
    sync_registered(output)
    page = (Path(__file__).parent.parent / "docs/analysts.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```", page.partition("## Iceberg")[2], re.M | re.S)
    names: dict[str, Any] = {}
    with contextlib.chdir(Path(output).parent):
        exec(example, names)
    assert [str(day) for day in names["one_day"]["date"]] == ["2025-03-20"] * 3
    assert names["by_day"] == [(date.fromisoformat(day), 3) for day in DAYS]


def test_compaction_takes_the_old_files_out(output: str) -> None:
    assert exit_code(["compact", output]) == 0
    assert {path.count("compact") for path in locations(output)} == {1}
    assert len(locations(output)) == 3
    assert read_back(output) == stored(output)


def test_a_repair_takes_lost_files_out(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))
    register(output, None, None)
    min(Path(output, "rejects").rglob("*.parquet")).unlink()
    exit_code(["check", output, "--repair"])
    assert read_back(output) == stored(output)
    assert "rejects" not in read_back(output)


def test_tags_found_anew_are_read_back(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))
    register(output, None, None)
    assert exit_code(["retag", output, "--entities", "gazetteer"]) == 0
    assert {row["pipeline_version"].endswith("+gazetteer") for row in read_back(output)["articles"]} == {True}
    assert read_back(output) == stored(output)


def test_a_file_that_is_swapped_in_place_is_described_anew(output: str) -> None:
    sync_registered(output)
    (former,) = read_back(output)["feeds"]
    changed = rows(FEEDS, [{"url": former["url"], "failures": 0, "last_fetched_at": NOON}])
    (path,) = Path(output, "feeds").glob("*.parquet")
    path.write_bytes(encode(FEEDS, changed, A_RUN))
    synced = {table.table: table for table in sync_registered(output)}
    assert synced["feeds"] == Synced("feeds", added=1, removed=1, rows=1)
    with opened(output, "feeds") as iceberg:
        assert iceberg.scan(row_filter="last_fetched_at is not null").count() == 1


def test_columns_of_later_versions_are_added_and_null_in_older_files(output: str) -> None:
    without = ARTICLES.schema.remove(ARTICLES.schema.get_field_index("fingerprint"))
    shutil.rmtree(f"{output}/_iceberg")
    registration = choose_registration(output, None, None)
    with open_catalog(registration) as catalog:
        keep_registration(registration)
        open_table(catalog, registration, replace(ARTICLES, schema=without))
    path = min(Path(output, "articles").rglob("*.parquet"))
    older = pq.ParquetFile(path).read()
    pq.write_table(older.drop_columns(["fingerprint", "from_page"]), path)
    sync_registered(output)
    with opened(output) as iceberg:
        assert iceberg.schema().find_field("fingerprint").doc
        assert iceberg.scan().to_arrow()["fingerprint"].null_count == iceberg.scan().count() == 9


def test_without_history_nothing_is_left_of_earlier_snapshots(output: str) -> None:
    sync_registered(output)
    compact(check_output(output), EVERYTHING, NOON)
    sync_registered(output, history=False)
    with opened(output) as iceberg:
        assert len(iceberg.snapshots()) == 1
        manifests = iceberg.current_snapshot().manifests(iceberg.io)
        entries = [entry for each in manifests for entry in each.fetch_manifest_entry(iceberg.io, False)]
        left = {each.name for each in Path(output, "_iceberg/articles/metadata").glob("*.avro")}
        assert left == {Path(each.manifest_path).name for each in manifests} | {
            Path(iceberg.current_snapshot().manifest_list).name
        }
    assert len(entries) == 3
    assert all("compact" in entry.data_file.file_path for entry in entries)


def test_earlier_snapshots_stay_for_who_reads_them(output: str) -> None:
    with opened(output) as reading:
        sync_registered(output)
        assert reading.scan().to_arrow().num_rows == 6
        expire(reading, age_s=3600)
        assert len(reading.refresh().snapshots()) == 2


def test_no_metadata_holds_text_of_rows(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))
    register(output, None, None)
    for name in ("articles", "sightings", "rejects"):
        with opened(output, name) as iceberg:
            bounds = [bound for task in iceberg.scan().plan_files() for bound in task.file.lower_bounds.items()]
            assert bounds
            assert {str(iceberg.schema().find_field(field).field_type) for field, _ in bounds} == {"timestamptz"}


def test_what_is_forgotten_leaves_the_tables_and_their_past(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    output = str(shutil.copytree(make_dataset(tmp_path_factory.getbasetemp()), tmp_path / "out"))
    register(output, None, None)
    with contextlib.chdir(tmp_path):
        assert exit_code(["forget", "out", "--url", "https://a.example/5"]) == 0
    assert read_back(output) == stored(output)
    assert "https://a.example/5" not in {row["url"] for row in read_back(output)["articles"]}
    for table in TABLES:
        with opened(output, table.name) as iceberg:
            assert len(iceberg.snapshots()) <= 1


def test_syncs_at_once_add_nothing_twice(output: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(sync_registered, [output, output]))
    assert sorted(table.added for synced in done for table in synced if table.table == "articles") == [0, 3]
    assert read_back(output) == stored(output)


@pytest.mark.slow
def test_a_sync_that_dies_anywhere_is_finished_by_the_next(output: str, tmp_path: Path) -> None:
    sync_registered(output)
    compact(check_output(output), EVERYTHING, NOON)
    pristine = shutil.copytree(output, tmp_path / "pristine")
    process = CLEAN.Process(target=kill_everywhere, args=(output, str(pristine), 9))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert int(Path(f"{pristine}-deaths").read_text()) >= 5


def test_a_dataset_that_has_moved_is_registered_where_it_is(output: str) -> None:
    moved = shutil.copytree(output, f"{output}-moved")
    before = sorted(os.listdir(f"{output}/_iceberg/articles/metadata"))
    assert exit_code(["iceberg", moved]) == 0
    shutil.rmtree(f"{moved}/articles/date={DAYS[0]}")
    sync_registered(moved)
    assert len(read_back(moved)["articles"]) == 6
    assert sorted(os.listdir(f"{output}/_iceberg/articles/metadata")) == before
    sync_registered(output)
    assert len(read_back(output)["articles"]) == 9


def test_a_dataset_that_was_never_registered_is_left_alone(tmp_path: Path) -> None:
    add_articles(str(tmp_path / "out"), "r1", range(3))
    assert sync_registered(str(tmp_path / "out")) == []
    assert not (tmp_path / "out/_iceberg").exists()


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a catalog in .pyiceberg.yaml."""
    catalog = f"""catalog:
  other:
    type: sql
    uri: sqlite:///{tmp_path}/other.db
    warehouse: file://{tmp_path}/warehouse
"""
    (tmp_path / ".pyiceberg.yaml").write_text(catalog)
    monkeypatch.setenv("PYICEBERG_HOME", str(tmp_path))
    monkeypatch.setattr(pyiceberg.catalog, "_ENV_CONFIG", Config())  # it is read when pyiceberg is first imported
    return "other"


def test_a_configured_catalog_is_used_from_then_on(tmp_path: Path, configured: str) -> None:
    output = str(tmp_path / "out")
    add_articles(output, "r1", range(3))
    assert exit_code(["iceberg", output, "--catalog", configured, "--namespace", "news"]) == 0
    add_articles(output, "r2", range(6))
    sync_registered(output)
    with open_catalog(choose_registration(output, None, None)) as catalog:
        articles = catalog.load_table("news.articles")
    assert articles.location().startswith(f"file://{tmp_path}/warehouse/")
    assert articles.scan().to_arrow().num_rows == 6


def test_tables_of_another_dataset_are_not_touched(tmp_path: Path, configured: str) -> None:
    for name in ("one", "two"):
        add_articles(str(tmp_path / name), "r1", range(3))
    register(str(tmp_path / "one"), configured, None)
    with pytest.raises(UsageError, match=r"dateline\.articles .* give --namespace"):
        register(str(tmp_path / "two"), configured, None)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        pytest.param({"catalog": "other"}, "is registered in catalog of its own", id="another-catalog"),
        pytest.param({"namespace": "news"}, "namespace dateline", id="another-namespace"),
    ],
)
def test_a_dataset_is_registered_once(output: str, options: dict[str, str], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        choose_registration(output, options.get("catalog"), options.get("namespace"))


@pytest.mark.parametrize(
    ("folder", "catalog"),
    [
        pytest.param(f"{ObjectStore.scheme()}://bucket/out", None, id="remote-without-catalog"),
        pytest.param("{}/a#b", None, id="path-that-no-address-can-hold"),
        pytest.param("{}/out", "nowhere", id="catalog-that-is-not-configured"),
    ],
)
def test_refused(tmp_path: Path, folder: str, catalog: str | None) -> None:
    with (
        pytest.raises(UsageError, match="catalog"),
        open_catalog(choose_registration(folder.format(tmp_path), catalog, None)),
    ):
        pass


def test_a_registration_that_failed_can_be_given_anew(tmp_path: Path, configured: str) -> None:
    output = str(tmp_path / "out")
    add_articles(output, "r1", range(3))
    assert exit_code(["iceberg", output, "--catalog", "nowhere"]) == 2
    assert read_registration(output) is None
    assert exit_code(["iceberg", output, "--catalog", configured]) == 0
