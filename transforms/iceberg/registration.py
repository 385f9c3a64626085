"""In which catalog a dataset is registered: `OUT/_iceberg/registration.json`."""

import secrets
from dataclasses import asdict, dataclass, replace

from apache_beam.io.filesystems import FileSystems

from schemas.errors import DatasetError, UsageError
from transforms.write import files
from transforms.write.manifests import read_json, write_json

NAMESPACE = "dateline"


@dataclass(frozen=True, slots=True)
class Registration:
    """A dataset in a catalog. `key` is in the properties of its tables, so that no other dataset changes them."""

    output: str  # the dataset's folder when it was registered
    catalog: str  # the name in ~/.pyiceberg.yaml; empty for one of SQLite within the dataset
    namespace: str
    key: str

    @property
    def folder(self) -> str:
        """What the dataset keeps of Iceberg: all of it, if the catalog is its own."""
        return f"{self.output}/_iceberg"


def read_registration(output: str) -> Registration | None:
    """Where a dataset is registered, if it is. DatasetError where that cannot be read."""
    path = _path(output)
    if not FileSystems.exists(path):
        return None
    try:
        return Registration(**read_json(path))
    except TypeError as error:
        raise DatasetError(f"{path}: is none that Dateline wrote") from error


def choose_registration(output: str, catalog: str | None, namespace: str | None) -> Registration:
    """The registration that a dataset has, or is to have; None stands for what it has, or the default.

    A catalog of the dataset's own names files by where they are: it is swept when the dataset has been moved.

    Raises:
        UsageError: it is registered elsewhere, or no catalog is named for a folder that can hold none.
    """
    found = read_registration(output)
    chosen = found or Registration(output, catalog or "", namespace or NAMESPACE, secrets.token_hex(8))
    if (catalog or chosen.catalog) != chosen.catalog or (namespace or chosen.namespace) != chosen.namespace:
        where = f"catalog {chosen.catalog or 'of its own'}, namespace {chosen.namespace}"
        raise UsageError(f"{output} is registered in {where}; drop its tables there and remove {output}/_iceberg first")
    if chosen.catalog:
        return replace(chosen, output=output)
    if not files.is_local(output) or "#" in output:
        raise UsageError(f"{output}: a catalog of SQLite needs a local folder without # in its path; give --catalog")
    if chosen.output != output:
        files.remove([path for path in files.find(f"{output}/_iceberg") if path != _path(output)])
    return replace(chosen, output=output)


def keep_registration(registration: Registration) -> None:
    """Write where a dataset is registered, before there are tables with its key."""
    if read_registration(registration.output) != registration:
        files.make_folder(registration.folder)
        write_json(_path(registration.output), asdict(registration))


def _path(output: str) -> str:
    return f"{output}/_iceberg/registration.json"
