from pathlib import Path
from typing import Any

import pytest

from transforms.write import files


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    files.write_whole(path, b"old")
    bad: Any = "no bytes"
    with pytest.raises(TypeError):
        files.write_whole(path, bad)
    assert files.read_bytes(path) == b"old"
    files.write_whole(path, b"new")
    assert files.read_bytes(path) == b"new"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_names_that_end_like_an_archive_are_taken_as_they_are(tmp_path: Path) -> None:
    path = str(tmp_path / "file.gz")
    files.write_whole(path, b"plain")
    assert Path(path).read_bytes() == files.read_bytes(path) == b"plain"
    assert files.size(path) == 5


@pytest.mark.parametrize("kind", ["folder", "file", "nothing"])
def test_removing_a_tree(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "tree"
    if kind == "folder":
        (path / "deep").mkdir(parents=True)
        (path / "deep" / "file").touch()
    elif kind == "file":
        path.touch()
    files.remove_tree(str(path))
    assert not path.exists()


def test_find_looks_below_the_folder_alone(tmp_path: Path) -> None:
    for name in ("a/x.json", "a/b/y.json", "ab/z.json", "a/x.json-unfinished"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files.find(f"{tmp_path}/a", "*.json") == [f"{tmp_path}/a/x.json"]
    assert files.find(f"{tmp_path}/a", "**.json") == [f"{tmp_path}/a/b/y.json", f"{tmp_path}/a/x.json"]
    assert files.find(f"{tmp_path}/none") == []
