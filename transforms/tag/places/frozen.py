"""Writes `data/atlas.arrow` from the tables of places and names: `python -m transforms.tag.places.frozen`."""

from dataclasses import fields

import pyarrow as pa

from transforms.tag.gazetteer import load_names
from transforms.tag.places.atlas import FROZEN, Atlas, build_atlas

_OPTIONS = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 19))


def write_atlas(atlas: Atlas) -> None:
    """Write the file."""
    kinds, keys = zip(*atlas.names, strict=True)
    columns = {field.name: pa.array(getattr(atlas, field.name)) for field in fields(Atlas) if field.name != "names"}
    columns |= {"kinds": pa.array(kinds), "keys": pa.array(keys)}
    row = {name: _list(values) for name, values in columns.items()}
    table = pa.table(row)
    with pa.OSFile(str(FROZEN), "wb") as file, pa.ipc.new_file(file, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)


def _list(values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)


if __name__ == "__main__":
    write_atlas(build_atlas(load_names()))
