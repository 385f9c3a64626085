#!/usr/bin/env bash
# Sets up .venv once, then runs `dateline ingest` with the given arguments on this machine.
# Without arguments: the examples, as of the day after the last of them, into the project's own folder out/.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$home/deploy/venv.sh"
set_up requirements.lock

if [ $# -eq 0 ]; then
  cd "$home"
  set -- --input 'examples/*/**' --input 'examples/*.jsonl' --output out \
    --as_of 2025-03-24T12:00:00Z
fi
exec "$home/.venv/bin/dateline" ingest "$@"
