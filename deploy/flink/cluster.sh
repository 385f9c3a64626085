#!/usr/bin/env bash
# A real Flink cluster on this machine, of processes alone: ZooKeeper, a job manager and task managers, which start the
# Python workers.
#
#   cluster.sh up [N]          fetch what is missing, once; start; wait for N task managers (2)
#   cluster.sh flags           what `dateline ingest --streaming` needs to run there
#   cluster.sh savepoint [JOB] end the job that runs, or that of several, with a savepoint, and print where that is
#   cluster.sh kill PROCESS    kill -9: jobmanager, taskmanager-1, ...
#   cluster.sh start PROCESS   bring it back
#   cluster.sh down            stop all; the jobs are gone, their checkpoints and savepoints stay
#
# RUN (default .cluster/run) is the folder of logs, checkpoints and savepoints; PORT (default 8081) is that of Flink's
# page and REST API, and the next one ZooKeeper's. JOB_SERVER names another jar of Beam's job server for this Flink.
set -euo pipefail
shopt -s nullglob

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
source "$home/deploy/fetch.sh"

PORT=${PORT:-8081} RUN=${RUN:-$home/.cluster/run} FLINK=1.19.3
case $home$RUN in *[[:space:]]*) fail "No folder may have a space in its name: $home, $RUN" ;; esac
mkdir -p "$RUN"/{log,pid,tmp,zookeeper} && RUN=$(cd "$RUN" && pwd -P)
conf=$home/deploy/flink/conf
pom=$home/deploy/flink/job-server.pom.xml
flink=$cache/flink-$FLINK boot=$cache/boot-$BEAM job_server=${JOB_SERVER:-$cache/job-server.jar}

fetch() {
  need_java
  once "flink-$FLINK" flink_jars
  once "boot-$BEAM" go_program "github.com/apache/beam/sdks/v2/python/container@v$BEAM"
  if [ -z "${JOB_SERVER-}" ]; then
    if [ "$pom" -nt "$job_server" ]; then rm -f "$job_server"; fi
    once job-server.jar job_server_jar
  fi
}

# Flink itself comes from PyPI, without what SQL needs.
flink_jars() {
  "$(find_python)" -m venv "$1.venv" && "$1.venv/bin/pip" -q install --no-deps "apache-flink-libraries==$FLINK" &&
    mkdir "$1" && cp "$1".venv/lib/python*/site-packages/pyflink/{lib,bin}/*.jar "$1" &&
    rm -r "$1.venv" "$1"/flink-{table,cep,csv,json}*
}

job_server_jar() {
  need mvn "Maven, to fetch Beam's Flink runner"
  need javac "Java's compiler (on Debian and Ubuntu: apt install openjdk-17-jdk-headless)"
  mvn -B -q -f "$pom" -Dfolder="$1.target" package &&
    mv "$1.target/job-server-1.jar" "$1" && rm -r "$1.target"
}

ports_and_folders() {
  printf -- '-D%s ' rest.port="$PORT" high-availability.zookeeper.quorum="127.0.0.1:$((PORT + 1))" \
    high-availability.storageDir="file://$RUN/jobs" state.checkpoints.dir="file://$RUN/checkpoints" \
    state.savepoints.dir="file://$RUN/savepoints" io.tmp.dirs="$RUN/tmp"
}

# launch PROCESS ARGUMENTS...: Java in a folder of its own (workers leave files there), with its log and process id
launch() {
  local name=$1 folder=$RUN/work/$1
  shift
  mkdir -p "$folder"
  (cd "$folder" && exec nohup java -Djava.io.tmpdir="$RUN/tmp" -Dlog4j.configurationFile="$conf/log4j.properties" \
    -cp "$flink/*" "$@") >>"$RUN/log/$name.log" 2>&1 </dev/null &
  echo $! >"$RUN/pid/$name"
}

# Flink works out the sizes of its memories: one line for Java, one for its main class.
memory() {
  java -cp "$flink/*" org.apache.flink.runtime.util.bash.BashJavaUtils "$1" --configDir "$conf" 2>/dev/null |
    sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

opens=$(printf -- '--add-opens=java.base/%s=ALL-UNNAMED ' java.io java.lang java.lang.reflect java.net java.nio java.text \
  java.time java.util java.util.concurrent java.util.concurrent.atomic java.util.concurrent.locks sun.nio.ch)

launch_flink() {
  local java main
  if is_running "$1"; then fail "$1 runs already."; fi
  { read -r java && read -r main; } < <(memory "$2")
  launch "$1" $opens $java "$3" --configDir "$conf" $main $(ports_and_folders)
}

start() {
  case $1 in
    zookeeper)
      printf '%s\n' tickTime=2000 initLimit=10 syncLimit=5 dataDir="$RUN/zookeeper" clientPort=$((PORT + 1)) \
        clientPortAddress=127.0.0.1 admin.enableServer=false server.1=127.0.0.1 >"$RUN/zookeeper.cfg"
      launch zookeeper -Xmx128m org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer \
        --zkConfigFile "$RUN/zookeeper.cfg" --peerId 1 ;;
    jobmanager)
      launch_flink "$1" GET_JM_RESOURCE_PARAMS org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint ;;
    taskmanager-*)
      launch_flink "$1" GET_TM_RESOURCE_PARAMS org.apache.flink.runtime.taskexecutor.TaskManagerRunner ;;
    *) fail "'$1': give jobmanager, taskmanager-1, ..." ;;
  esac
}

# ask PATH [BODY]: what Flink's REST API answers
ask() {
  "$(find_python)" -c 'import sys, urllib.request as web
print(web.urlopen(sys.argv[1], *map(str.encode, sys.argv[2:])).read().decode())' \
    "http://127.0.0.1:$PORT/$1" "${@:2}" 2>/dev/null
}

number() {  # of a field of Flink's answer
  sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

is_running() {
  [ -f "$RUN/pid/$1" ] && kill -0 "$(cat "$RUN/pid/$1")" 2>/dev/null
}

up() {
  local name names="zookeeper jobmanager $(seq -f 'taskmanager-%g' "$1")"
  for name in $names; do
    if is_running "$name"; then fail "$name runs already; cluster.sh down stops it."; fi
  done
  rm -rf "$RUN"/{jobs,pid,tmp,work,zookeeper}
  mkdir "$RUN"/{pid,tmp,zookeeper}
  for name in $names; do start "$name"; done
  if wait_for "$1" "$names"; then
    echo "Flink is up with $1 task managers: http://127.0.0.1:$PORT, logs in $RUN/log"
  else
    down
    fail "Flink did not come up; see $RUN/log"
  fi
}

wait_for() {
  local name
  for _ in $(seq 60); do
    sleep 1
    for name in $2; do is_running "$name" || return; done
    if [ "$(ask overview | number slots-available)" = "$1" ]; then return; fi
  done
  return 1
}

down() {
  local file
  for file in "$RUN"/pid/*; do kill "$(cat "$file")" 2>/dev/null || true; done
  for file in "$RUN"/pid/*; do wait_for_end "${file##*/}" || kill -9 "$(cat "$file")"; done
  rm -f "$RUN"/pid/*
}

kill_process() {
  kill -9 "$(cat "$RUN/pid/$1")" && wait_for_end "$1" && rm "$RUN/pid/$1"
}

wait_for_end() {
  for _ in $(seq 100); do is_running "$1" || return 0; sleep 0.1; done
  return 1
}

# The workers' Python is that of VENV (default: the project's); PYTHONPATH, where set, reaches them too.
flags() {
  local slots environment path=${VENV:-$home/.venv}/bin:/usr/local/bin:/usr/bin:/bin
  slots=$(ask overview | number slots-total) || fail "No Flink at 127.0.0.1:$PORT; cluster.sh up starts one."
  environment="\"PATH\":\"$path\",\"PYTHONPATH\":\"${PYTHONPATH-}\",\"RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT\":\"1\""
  # Arrow's own allocator, an arena for each thread and large blocks in arenas keep ever more of what is free.
  environment+=",\"ARROW_DEFAULT_MEMORY_POOL\":\"system\",\"MALLOC_ARENA_MAX\":\"2\",\"MALLOC_MMAP_THRESHOLD_\":\"1048576\""
  echo --runner=FlinkRunner --flink_master="127.0.0.1:$PORT" --flink_job_server_jar="$job_server" \
    --artifacts_dir="$RUN/artifacts" --environment_type=PROCESS \
    --environment_config="{\"command\":\"$boot\",\"env\":{$environment}}" --parallelism="$slots" \
    --externalized_checkpoints_enabled --retain_externalized_checkpoints_on_cancellation
}

running_jobs() {  # id and name of each
  ask jobs/overview | grep -o '"jid":"[^{}]*"state":"RUNNING"' | sed 's/"jid":"\([^"]*\)","name":"\([^"]*\)".*/\1 \2/'
}

savepoint() {
  local jobs job=${1-} trigger answer
  if [ -z "$job" ]; then
    jobs=$(running_jobs) || fail "No job runs at 127.0.0.1:$PORT."
    if [ "$(wc -l <<<"$jobs")" -gt 1 ]; then fail "Several jobs run; give the id of one:"$'\n'"$jobs"; fi
    job=${jobs%% *}
  fi
  trigger=$(ask "jobs/$job/stop" '{"drain":false}' | sed 's/.*:"\(.*\)".*/\1/') || fail "No job $job runs at 127.0.0.1:$PORT."
  for _ in $(seq 120); do
    answer=$(ask "jobs/$job/savepoints/$trigger")
    case $answer in
      *'"location"'*) sed 's/.*"location":"\([^"]*\)".*/\1/' <<<"$answer" && return ;;
      *failure-cause*) fail "$answer" ;;
    esac
    sleep 0.5
  done
  fail "The savepoint was not done within a minute; see $RUN/log/jobmanager.log"
}

case ${1-} in
  up) fetch && up "${2:-2}" ;;
  down | flags | savepoint) "$@" ;;
  start) start "${2-}" ;;
  kill) is_running "${2-}" || fail "'${2-}': no such process runs."; kill_process "$2" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
