"""What a run looks at before it adds to a dataset: enough to add nothing twice, and quick however large that is."""

from schemas.errors import DatasetError
from schemas.keys import DATASET_TABLES, EXACT, VERSIONS
from schemas.tables import ARTICLES
from transforms.count_of import count_of
from transforms.write import files
from transforms.write.cursor import count_lost_keys
from transforms.write.lock import hold_dataset
from transforms.write.stored import check_files, list_files


def refuse_damage(output: str) -> None:
    """Looks at the ends of all files, and that there are all keys, and manifests, where there are articles.

    Raises:
        DatasetBusy: another process holds the dataset's lock.
        DatasetError: a file is cut or none of Dateline's, a key file is gone, or all manifests are.
        NewerSchema: a later version of Dateline has written a file.
    """
    check_files(output, [table.name for table in DATASET_TABLES])
    refuse_lost_keys(output)
    if not list_files(output, ARTICLES.name):
        return
    for folder, pattern in ((EXACT.name, "**.parquet"), (VERSIONS.name, "**.parquet"), ("_manifests", "*.json")):
        if not files.find(f"{output}/{folder}", pattern):
            raise DatasetError(f"{output}/{folder}: nothing is there, and there are articles")


def refuse_lost_keys(output: str) -> None:
    """Raises DatasetError if key files are gone since the newest commit; DatasetBusy as `hold_dataset`."""
    with hold_dataset(output):  # a commit that goes on removes some before it counts them
        if lost := count_lost_keys(output):
            raise DatasetError(f"{output}/_keys: {count_of(lost, 'file')} missing")
