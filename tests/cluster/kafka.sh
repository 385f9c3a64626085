#!/usr/bin/env bash
# One Kafka broker on loopback: kafka.sh up | kill | down. After a kill, up brings it back with all it held.
# RUN (default .cluster/kafka) is its folder; KAFKA_PORT (default 9092) and the next one are its ports.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
source "$home/deploy/fetch.sh"

KAFKA_PORT=${KAFKA_PORT:-9092} RUN=${RUN:-$home/.cluster/kafka}

kafka() {
  exec nohup java -Xmx256m -cp "$cache/kafka/*" "$@" "$RUN/server.properties" >>"$RUN/log" 2>&1 </dev/null
}

configure() {
  cat >"$RUN/server.properties" <<-END
	process.roles=broker,controller
	node.id=1
	controller.quorum.voters=1@127.0.0.1:$((KAFKA_PORT + 1))
	controller.listener.names=CONTROLLER
	listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$((KAFKA_PORT + 1))
	advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT
	offsets.topic.replication.factor=1
	transaction.state.log.replication.factor=1
	transaction.state.log.min.isr=1
	log.dirs=$RUN/data
	END
  (kafka kafka.tools.StorageTool format --cluster-id AAAAAAAAAAAAAAAAAAAAAA --config)
}

case ${1-} in
  up)
    need_java
    once kafka maven_jars "$home/tests/cluster/kafka.pom.xml"
    mkdir -p "$RUN"
    [ -d "$RUN/data" ] || configure
    kafka kafka.Kafka &
    echo $! >"$RUN/pid"
    for _ in $(seq 60); do
      sleep 0.5
      if (: <"/dev/tcp/127.0.0.1/$KAFKA_PORT") 2>/dev/null; then exit; fi
      kill -0 $! || break
    done
    fail "Kafka did not come up; see $RUN/log" ;;
  kill) kill -9 "$(cat "$RUN/pid")" ;;
  down) kill "$(cat "$RUN/pid")" ;;
  *) sed -n '2,3s/^# //p' "$0" && exit 2 ;;
esac
