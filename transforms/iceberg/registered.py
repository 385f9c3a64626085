"""A dataset's Iceberg tables, made and kept up to date. What is heavy is imported only where there are some."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from schemas.errors import UsageError
from transforms.iceberg.registration import read_registration
from transforms.write.staging import check_output

if TYPE_CHECKING:
    from transforms.iceberg.sync import Synced


def sync_registered(output: str, history: bool = True) -> "list[Synced]":
    """As `sync`, where a dataset is registered in a catalog; nothing where it is not. To be called after a commit."""
    return register(output, None, None, history) if read_registration(output) else []


def register(output: str, catalog: str | None, namespace: str | None, history: bool = True) -> "list[Synced]":
    """As `sync`; None stands for the catalog and the namespace that a dataset has, or the default.

    Raises as `sync`, and UsageError where pyiceberg is not installed or the output cannot be written.
    """
    if find_spec("pyiceberg") is None:
        raise UsageError(f"{output}: Iceberg tables need pyiceberg: pip install 'dateline[iceberg]'")
    from transforms.iceberg.sync import sync

    return sync(check_output(output), catalog, namespace, history)
