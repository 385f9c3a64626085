#!/usr/bin/env bash
# Prints where Beam's local runner for streams is, for --prism_location: the one on the PATH, or one built with Go, once.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$home/deploy/fetch.sh"

command -v prism && exit
once "prism-$BEAM" go_program "github.com/apache/beam/sdks/v2/go/cmd/prism@v$BEAM"
echo "$cache/prism-$BEAM"
