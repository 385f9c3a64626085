"""What the Dataflow template starts: a stream, with the template's parameters as options."""

import sys

from pipelines.command import main

sys.exit(main(["ingest", "--streaming", *sys.argv[1:]]))
