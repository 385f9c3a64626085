"""The commands, in the order in which they are listed."""

from pipelines.commands import (
    check,
    compact,
    completion,
    explain,
    feeds,
    forget,
    iceberg,
    ingest,
    reclean,
    replay,
    report,
    retag,
    train,
)

COMMANDS = (
    ingest.COMMAND,
    reclean.COMMAND,
    replay.COMMAND,
    retag.COMMAND,
    compact.COMMAND,
    check.COMMAND,
    feeds.COMMAND,
    forget.COMMAND,
    iceberg.COMMAND,
    explain.COMMAND,
    report.COMMAND,
    train.COMMAND,
    completion.COMMAND,
)
