# Makes an environment from a lock file. Sourced with `home`, the project's folder, set.

venv=.venv

USABLE='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

fail() {
  echo "$*" >&2
  exit 1
}

# The first Python that can make the environment; PYTHON names another one to use.
find_python() {
  local python candidates=${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14}
  for python in $candidates; do
    if "$python" -c "$USABLE" 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  fail "Python 3.11 to 3.14 with its venv module is needed (on Debian and Ubuntu: apt install python3-venv)." \
    "Looked for: $candidates."
}

# What an environment made from the lock file $1 is recorded as: it changes with the file, the project and its folder.
fingerprint() (
  cd "$home" && pwd && cksum "$1" pyproject.toml
)

is_made() {
  [ ! -e "$home/$venv/unfinished" ] && "$home/$venv/bin/python" -c '' 2>/dev/null &&
    [ "$(cat "$home/$venv/made-from-$1" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

# An environment marked unfinished was being installed when its process died: pip would take a half-copied package
# for a whole one, so it is made anew.
make_environment() {
  local python
  if [ -e "$home/$venv/unfinished" ] || ! "$home/$venv/bin/python" -c '' 2>/dev/null; then
    python=$(find_python)
    rm -rf "$home/$venv"
    mkdir "$home/$venv"
    touch "$home/$venv/unfinished"
    "$python" -m venv "$home/$venv"
  fi
  touch "$home/$venv/unfinished"
  install -r "$home/$1" --require-hashes
  install -e "$home" --no-deps --no-build-isolation
  fingerprint "$1" >"$home/$venv/made-from-$1"
  rm "$home/$venv/unfinished"
}

install() {
  "$home/$venv/bin/python" -m pip install -qq --disable-pip-version-check "$@" ||
    fail "The installation failed. All packages are ready-made for Python 3.11 to 3.13 on Linux x86-64 and" \
      "macOS arm64; elsewhere a C++ compiler is needed too."
}

# set_up LOCK [VENV]: makes VENV (.venv) hold what the lock file lists, once; a second process waits for the first.
set_up() {
  venv=${2-$venv}
  if is_made "$1"; then return; fi
  exec 9<"$home/$1"
  if command -v flock >/dev/null; then flock 9; fi
  if ! is_made "$1"; then
    echo "Setting up $venv from $1 (once, a minute or more) ..." >&2
    make_environment "$1"
  fi
  exec 9<&-
}
