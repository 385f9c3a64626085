import multiprocessing.process
import os
import re
import signal
import time
from pathlib import Path

import pytest

from schemas.errors import DatasetBusy
from tests.dataset import CLEAN
from transforms.write.lock import hold, is_held


def hold_until_killed(path: str, ready: str) -> None:
    with hold(path):
        Path(ready).touch()
        signal.pause()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "_lock")


def start_holder(path: str) -> multiprocessing.process.BaseProcess:
    holder = CLEAN.Process(target=hold_until_killed, args=(path, f"{path}.ready"))
    holder.start()
    while not os.path.exists(f"{path}.ready"):
        time.sleep(0.005)
    return holder


def test_the_holder_is_named_to_one_who_waits_in_vain(path: str) -> None:
    holder = start_holder(path)
    try:
        message = rf"{re.escape(path)} has been held by process {holder.pid} for 0\.05 s"
        with pytest.raises(DatasetBusy, match=message), hold(path, wait_s=0.05):
            pass
        assert is_held(path)
    finally:
        holder.kill()
        holder.join()


def test_a_killed_process_holds_nothing(path: str) -> None:
    holder = start_holder(path)
    holder.kill()
    holder.join()
    assert not is_held(path)
    with hold(path):
        assert Path(path).read_text() == str(os.getpid())


def test_a_waiter_gets_the_lock_when_it_is_free(path: str) -> None:
    holder = start_holder(path)
    holder_end = CLEAN.Process(target=kill_soon, args=(holder.pid,))
    holder_end.start()
    with hold(path, wait_s=30):
        assert Path(path).read_text() == str(os.getpid())
    holder_end.join()
    holder.join()


def kill_soon(pid: int) -> None:
    time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)


def test_the_lock_is_free_after_the_block_and_after_an_error(path: str) -> None:
    with pytest.raises(KeyError), hold(path):
        raise KeyError
    with hold(path):
        assert is_held(path)
    assert not is_held(path)


def test_no_file_no_holder(tmp_path: Path) -> None:
    assert not is_held(str(tmp_path / "none"))
    assert list(tmp_path.iterdir()) == []
