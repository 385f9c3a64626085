"""Where sources are named beside the tables: in manifests, and in the status of a stream."""

from collections.abc import Sequence
from typing import Any

import orjson

from transforms.stream.status import status_path
from transforms.write import files
from transforms.write.run import staged_path
from transforms.write.staged import Staged

FORGOTTEN = "forgotten"


def unname_sources(staged: Staged, sources: Sequence[str]) -> int:
    """Stages anew the files that name one of them, without the name; how many."""
    output = staged.run.output
    paths = files.find(f"{output}/_manifests", "*.json")
    paths += files.find(f"{output}/_stream", status_path(output).rpartition("/")[2])
    needles = [orjson.dumps(source)[1:-1] for source in sources]
    found = 0
    for path in paths if sources else ():
        data = files.read_bytes(path)
        if not any(needle in data for needle in needles):
            continue
        content = orjson.loads(data)
        if (told := _without(content, frozenset(sources))) != content:  # not where it begins the name of another
            target = path.removeprefix(f"{output}/")
            files.write_whole(
                staged_path(staged.run.staging, target),
                orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
            )
            staged.aside.append(target)
            found += 1
    return found


def _without(value: Any, sources: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(item, sources) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, sources) for item in value]
    return FORGOTTEN if isinstance(value, str) and value in sources else value
