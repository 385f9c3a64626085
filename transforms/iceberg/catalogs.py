"""The catalog of a dataset, and its tables there: made, and given the columns that later versions of Dateline add."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NoSuchPropertyException,
    NoSuchTableError,
    NotInstalledError,
    RESTError,
)
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import TableProperties
from sqlalchemy.exc import SQLAlchemyError

from schemas.errors import DatasetBusy, DatelineError, UsageError
from schemas.tables import Table
from transforms.iceberg.columns import DAY, file_columns, iceberg_columns
from transforms.iceberg.data_files import location_of
from transforms.iceberg.registration import Registration
from transforms.write.files import make_folder

_KEY = "dateline.key"
_PROPERTIES = {
    TableProperties.COMMIT_NUM_RETRIES: "0",  # what others have changed is compared anew, not written over
    TableProperties.MANIFEST_MERGE_ENABLED: "true",
    TableProperties.MANIFEST_MIN_MERGE_COUNT: "16",
    TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED: "true",
    TableProperties.METADATA_PREVIOUS_VERSIONS_MAX: "1",
}


@contextmanager
def open_catalog(registration: Registration) -> Iterator[Catalog]:
    """The catalog, with the dataset's namespace.

    Raises, also for what is done with it:
        UsageError: it is not configured, or not well.
        DatasetBusy: others have changed a table meanwhile.
        DatelineError: it cannot be reached or read.
    """
    try:
        with closing(_load(registration)) as catalog:
            catalog.create_namespace_if_not_exists(registration.namespace)
            yield catalog
    except CommitFailedException as error:
        raise DatasetBusy(f"Iceberg: {error}") from error
    except (NoSuchPropertyException, NotInstalledError) as error:
        raise UsageError(f"Iceberg catalog {registration.catalog}: {error}") from error
    except (OSError, RESTError, SQLAlchemyError) as error:
        own = "" if registration.catalog else f"; without {registration.folder} it is made anew"
        raise DatelineError(f"Iceberg catalog: {error}{own}") from error


def open_table(catalog: Catalog, registration: Registration, table: Table) -> IcebergTable:
    """A table of the dataset, made if need be, with all of its present columns.

    UsageError for one that is not the dataset's.
    """
    name = (registration.namespace, table.name)
    try:
        found = catalog.load_table(name)
    except NoSuchTableError:
        _make(catalog, registration, table)
        return catalog.load_table(name)
    if found.properties.get(_KEY) != registration.key:
        raise UsageError(
            f"table {'.'.join(name)} of the catalog is not that of {registration.output}: give --namespace"
        )
    with found.update_schema() as update:
        update.union_by_name(iceberg_columns(table))
    return found


def _load(registration: Registration) -> Catalog:
    if not registration.catalog:
        make_folder(registration.folder)
        return SqlCatalog("dateline", uri=f"sqlite:///{quote(registration.folder)}/catalog.db")
    try:
        return load_catalog(registration.catalog)
    except ValueError as error:
        raise UsageError(f"catalog {registration.catalog}: {error}") from error


def _make(catalog: Catalog, registration: Registration, table: Table) -> None:
    """Make a table whose name mapping has the columns of the files that are none of the table's, too.

    pyiceberg reads no file with a column that the mapping lacks.
    """
    own = None if registration.catalog else location_of(f"{registration.folder}/{table.name}")
    name = (registration.namespace, table.name)
    try:
        made = catalog.create_table_transaction(name, file_columns(table), own, properties=_PROPERTIES)
    except ValueError as error:  # without a warehouse
        raise UsageError(f"catalog {registration.catalog}: {error}") from error
    mapping = made.table_metadata.schema().name_mapping.model_dump_json()
    made.set_properties({_KEY: registration.key, TableProperties.DEFAULT_NAME_MAPPING: mapping})
    with made.update_schema() as columns:
        for hidden in set(file_columns(table).names).difference(iceberg_columns(table).names):
            columns.delete_column(hidden)
    if table.dated:
        with made.update_spec() as partitions:
            partitions.add_identity(DAY)
    made.commit_transaction()
