"""What a run looks at before it adds to a dataset: enough to add nothing twice, and quick however large that is."""

from schemas.errors import DatasetError
from schemas.keys import DATASET_TABLES, EXACT, VERSIONS
from schemas.tables import ARTICLES
from transforms.write import files
from transforms.write.stored import check_files, list_files


def refuse_damage(output: str) -> None:
    """Looks at the ends of all files, and that there are keys and manifests where there are articles.

    Raises:
        DatasetError: a file is cut or none of Dateline's, or all keys or all manifests are gone.
        NewerSchema: a later version of Dateline has written a file.
    """
    check_files(output, [table.name for table in DATASET_TABLES])
    if not list_files(output, ARTICLES.name):
        return
    for folder, pattern in ((EXACT.name, "**.parquet"), (VERSIONS.name, "**.parquet"), ("_manifests", "*.json")):
        if not files.find(f"{output}/{folder}", pattern):
            raise DatasetError(f"{output}/{folder}: nothing is there, and there are articles")
