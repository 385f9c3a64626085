"""What keeps any run from starting: manifests, a cursor and intents that cannot be read. A repair moves them first."""

from transforms.check.commits import read_commits
from transforms.check.disk import compare_files
from transforms.check.problems import QUARANTINE
from transforms.write import files
from transforms.write.lock import hold_dataset


def set_broken_aside(output: str, run_id: str) -> None:
    """Moves them to `_quarantine`, under the lock, one at a time: each move leaves the dataset as good as it was."""
    with hold_dataset(output):
        commits = read_commits(output)
        disk = compare_files(output, commits)
        for folder in disk.unstaged:
            _move(output, files.find(folder), run_id)
            files.remove_tree(folder)
        _move(output, commits.unreadable, run_id)


def _move(output: str, paths: list[str], run_id: str) -> None:
    for path in paths:
        target = f"{output}/{QUARANTINE}/{run_id}/{path.removeprefix(f'{output}/')}"
        files.make_folder(target.rpartition("/")[0])
        files.replace([path], [target])
