# What runs beside Python, from package registries into .cluster/cache, each once. Sourced with `home`, the project's
# folder, set.

source "$home/deploy/venv.sh"

BEAM=2.77.0
cache=$home/.cluster/cache

# need COMMAND WHAT: ends with a clear message where the command is missing
need() {
  command -v "$1" >/dev/null || fail "$1 is needed: $2."
}

need_java() {
  need javac "a JDK 17 (on Debian and Ubuntu: apt install openjdk-17-jdk-headless)"
  local major
  major=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  [ "${major:-0}" -ge 17 ] || fail "Java 17 is needed, and $(command -v java) is version ${major:-unknown}."
}

# once NAME COMMAND...: puts into the cache what `COMMAND... PATH` makes; a second process waits for the first, and what
# was left half made is made anew
once() (
  target=$cache/$1
  shift
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  if command -v flock >/dev/null; then flock 9; fi
  [ -e "$target" ] && exit
  echo "Fetching ${target##*/} (once) ..." >&2
  rm -rf "$target.new"
  "$@" "$target.new" || fail "${target##*/} could not be made; what $1 printed is above."
  mv "$target.new" "$target"
)

# go_program MODULE PATH: builds the program of a Go module
go_program() {
  need go "Go 1.26 or later, to build $1"
  GOBIN=$2.bin go install "$1" && mv "$2.bin"/* "$2" && rmdir "$2.bin"
}

# maven_jars POM FOLDER: all jars that a POM names
maven_jars() {
  need mvn "Maven, to fetch what ${1##*/} lists"
  mvn -B -q -f "$1" dependency:copy-dependencies -DoutputDirectory="$2"
}
