"""The staging folders of a dataset: one for each attempt at a run, under `OUT/_staging`."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from apache_beam.io.filesystems import FileSystems

from schemas.errors import AlreadyCommitted, UsageError
from transforms.write import files
from transforms.write.cursor import last_ingested_at
from transforms.write.intent import intent_path, roll_forward
from transforms.write.lock import hold, hold_dataset, is_held
from transforms.write.manifests import already_committed
from transforms.write.run import Run, check_run_id, pipeline_version

# No lock tells whether a run on a remote filesystem lives: one that has written nothing for so long does not.
REMOTE_SWEEP_S = 7 * 86_400


@contextmanager
def begin(output: str, run_id: str, read_at: int) -> Iterator[Run]:
    """Opens a dataset, made if need be, for a run; what earlier runs left is finished or swept first.

    Until the block ends no other process sweeps the run's staging folder. It is removed then, unless it holds
    an intent: the next run carries that out.

    Args:
        output: the dataset's folder, on any Beam filesystem.
        run_id: letters, digits, dots, underscores, hyphens.
        read_at: the run's clock, microseconds since the epoch.

    Raises:
        UsageError: the run id cannot name a file, or the output cannot be written.
        AlreadyCommitted: a run of this id has committed.
        DatasetBusy: another process holds the dataset's lock.
        DatasetError: a commit that was interrupted cannot be carried out.
    """
    check_run_id(run_id)
    output = check_output(output)
    staging = f"{output}/_staging/{run_id}-{secrets.token_hex(4)}"
    with ExitStack() as life:
        with hold_dataset(output):
            recover_held(output)
            if already_committed(output, run_id):
                raise AlreadyCommitted(f"run {run_id} has committed to {output} before; it adds nothing again")
            files.make_folder(staging)
            life.enter_context(hold(alive_path(staging)))
            last = last_ingested_at(output)
        try:
            yield Run(output, run_id, staging, read_at, max(read_at, last + 1), last, pipeline_version())
        finally:
            if not FileSystems.exists(intent_path(staging)):
                files.remove_tree(staging)


def check_output(output: str) -> str:
    """The dataset's folder, absolute where it is local, made if need be and tried by writing to it.

    Raises:
        UsageError: it cannot be written, or its path holds a character that Beam takes for a pattern.
    """
    if not output.strip() or any(character in output for character in "*?["):
        raise UsageError(f"output {output!r}: a path with none of the characters * ? [ is needed")
    root = os.path.abspath(output) if files.is_local(output) else output.rstrip("/")
    try:
        files.make_folder(f"{root}/_staging")
        files.touch(f"{root}/_lock")
    except (OSError, ValueError) as error:  # ValueError: a scheme that no installed filesystem knows
        raise UsageError(f"output {output!r} cannot be written: {error}") from error
    return root


def recover(output: str) -> None:
    """Carries out the commits that were decided and not finished, and sweeps what dead runs have staged."""
    with hold_dataset(output):
        recover_held(output)


def recover_held(output: str) -> None:
    """As `recover`, for one who holds the dataset's lock."""
    for staging in staging_folders(output):
        if FileSystems.exists(intent_path(staging)):
            for _ in roll_forward(output, staging):
                pass
        elif is_dead(staging):
            files.remove_tree(staging)


def staging_folders(output: str) -> list[str]:
    """What is in `OUT/_staging`, sorted."""
    root = f"{output}/_staging"
    if files.is_local(output):
        return [f"{root}/{name}" for name in sorted(os.listdir(root))] if os.path.isdir(root) else []
    names = {path.removeprefix(f"{root}/").partition("/")[0] for path in files.find(root)}
    return [f"{root}/{name}" for name in sorted(names)]


def is_dead(staging: str) -> bool:
    """Whether the run of a staging folder has ended."""
    if files.is_local(staging):
        return not is_held(alive_path(staging))
    written = max((FileSystems.last_updated(path) for path in files.find(staging)), default=0.0)
    return written < time.time() - REMOTE_SWEEP_S


def alive_path(staging: str) -> str:
    """The file of a local staging folder that the living run holds a lock on."""
    return f"{staging}/_alive"
