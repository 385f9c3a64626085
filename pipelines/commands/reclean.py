"""`dateline reclean`: cleans again what was kept as it came."""

from pipelines.commands.declaration import Command
from pipelines.commands.ingest import run
from pipelines.declare_options import add_reclean_options

COMMAND = Command(
    "reclean",
    "clean again what was kept as it came",
    "Parse and clean again what runs with --keep_raw have kept, without the network; articles whose text now comes "
    "out differently get a new version.",
    add_reclean_options,
    run,
    takes_beam_options=True,
)
