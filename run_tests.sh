#!/usr/bin/env bash
# Sets up .venv once, then runs the tests on all cores; arguments go to pytest.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$home/deploy/venv.sh"
set_up requirements-dev.lock

cd "$home"
exec .venv/bin/python -m pytest -n logical --dist worksteal "$@"
