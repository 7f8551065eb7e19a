#!/bin/bash
# Runs a real Apache Kafka on this machine for tests and local use: KRaft, loopback only, no container.
#
#   kafka.sh fetch       download the broker's jars from Maven Central (once)
#   kafka.sh start       start the node or nodes and wait until they answer
#   kafka.sh status      say which nodes are up
#   kafka.sh env         print the variables that the integration tests read
#   kafka.sh stop        stop cleanly
#   kafka.sh kill N      kill -9 node N
#   kafka.sh restart N   start node N again
#   kafka.sh wipe        stop and delete the data
#   kafka.sh acls …      run kafka-acls.sh with these arguments
#
#   EARSHOT_KAFKA_NODES  1 (default) or 3
#   EARSHOT_KAFKA_PORT   port of node 1 (19092); node i listens on PORT+i-1, its controller 10,000 and TLS 20,000 above
#   EARSHOT_KAFKA_TOLD_PORT  port that a single node tells its clients, of a proxy before it (its own)
#   EARSHOT_KAFKA_DIR    data, logs and certificates (<repository>/.deps/kafka-data-<nodes>)
#   EARSHOT_KAFKA_TLS    1 adds a SASL_SSL listener (PLAIN or an unsigned token, user earshot) and, 10 ports above it, one that asks for a client's
#                        certificate (User:CN=earshot, who may do what ACLs allow); certificates are made on the spot
#   EARSHOT_KAFKA_HEAP   Java heap of each node (512m)
#   EARSHOT_DEPS_DIR     where the jars are kept (<repository>/.deps)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
version=4.3.1
log4j_version=2.25.4
nodes=${EARSHOT_KAFKA_NODES:-1}
port=${EARSHOT_KAFKA_PORT:-19092}
heap=${EARSHOT_KAFKA_HEAP:-512m}
tls=${EARSHOT_KAFKA_TLS:-0}
deps=${EARSHOT_DEPS_DIR:-$repository/.deps}
jars=$deps/kafka-$version
data=${EARSHOT_KAFKA_DIR:-$deps/kafka-data-$nodes}
controller_port=$((port + 10000))
tls_port=$((port + 20000))
mutual_port=$((tls_port + 10))
# A test account of a loopback broker, not a secret.
sasl_user=earshot
sasl_password=earshot-local

fail() {
  echo "kafka.sh: $*" >&2
  exit 1
}

need() { # need COMMAND PACKAGE
  command -v "$1" > /dev/null || fail "'$1' is missing: apt-get install $2"
}

node_dir() { echo "$data/node-$1"; }

# Prints the pid of node $1 when it runs. The command line is compared, so that a recycled pid is not taken for a broker.
node_pid() {
  local file pid
  file=$(node_dir "$1")/pid
  [ -f "$file" ] || return 1
  pid=$(cat "$file")
  { tr '\0' '\n' < "/proc/$pid/cmdline"; } 2> /dev/null | grep -qxF "$(node_dir "$1")/server.properties" || return 1
  echo "$pid"
}

fetch() {
  [ -f "$jars/.complete" ] && [ -f "$jars/kafka-tools-$version.jar" ] && return
  need java openjdk-17-jre-headless
  need mvn maven
  mkdir -p "$jars"
  cat > "$jars/pom.xml" << POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>earshot</groupId><artifactId>local-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>$log4j_version</version></dependency>
  </dependencies>
</project>
POM
  echo "fetching Apache Kafka $version into $jars"
  mvn -B -q -f "$jars/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$jars" ||
    fail "Maven could not fetch Apache Kafka $version (see above): is Maven Central, or the mirror in ~/.m2/settings.xml, reachable?"
  touch "$jars/.complete"
}

# One CA with a server's certificate for 127.0.0.1 and localhost and a client's; and another CA with a client's, which no
# broker knows. All as PEM.
make_certificates() {
  local dir=$data/tls
  [ -f "$dir/stranger.crt" ] && return
  need openssl openssl
  mkdir -p "$dir"
  (
    cd "$dir"
    umask 077
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=earshot local CA" -keyout ca.key -out ca.crt
    openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > server.ext
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile server.ext -out server.crt
    cat server.key server.crt ca.crt > server.pem
    printf 'extendedKeyUsage=clientAuth\n' > client.ext
    openssl req -newkey rsa:2048 -nodes -subj "/CN=earshot" -keyout client.key -out client.csr
    openssl x509 -req -in client.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile client.ext -out client.crt
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=stranger" -keyout stranger.key -out stranger.crt
  ) > "$dir/openssl.log" 2>&1 || fail "openssl could not make the certificates: $dir/openssl.log"
}

write_properties() { # write_properties NODE
  local dir replicas=1 in_sync=1 i controllers=""
  dir=$(node_dir "$1")
  [ "$nodes" = 3 ] && replicas=3 && in_sync=2
  for i in $(seq "$nodes"); do controllers+="${controllers:+,}$i@127.0.0.1:$((controller_port + i - 1))"; done
  local listeners=PLAINTEXT://127.0.0.1:$((port + $1 - 1)) advertised
  [ "$tls" = 1 ] && listeners+=,SASL_SSL://127.0.0.1:$((tls_port + $1 - 1)),SSL://127.0.0.1:$((mutual_port + $1 - 1))
  advertised=${EARSHOT_KAFKA_TOLD_PORT:+${listeners/":$port"/":$EARSHOT_KAFKA_TOLD_PORT"}}
  {
    cat << PROPERTIES
process.roles=broker,controller
node.id=$1
listeners=$listeners,CONTROLLER://127.0.0.1:$((controller_port + $1 - 1))
advertised.listeners=${advertised:-$listeners}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL
log.dirs=$dir/log
num.network.threads=2
num.io.threads=4
num.partitions=1
auto.create.topics.enable=false
default.replication.factor=$replicas
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$replicas
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$in_sync
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
log.cleaner.dedupe.buffer.size=16777216
PROPERTIES
    if [ "$nodes" = 1 ]; then
      echo "controller.quorum.bootstrap.servers=127.0.0.1:$controller_port"
    else
      echo "controller.quorum.voters=$controllers"
    fi
    if [ "$tls" = 1 ]; then
      cat << PROPERTIES
sasl.enabled.mechanisms=PLAIN,OAUTHBEARER
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_$sasl_user="$sasl_password";
listener.name.sasl_ssl.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="$sasl_user";
ssl.keystore.type=PEM
ssl.keystore.location=$data/tls/server.pem
ssl.truststore.type=PEM
ssl.truststore.location=$data/tls/ca.crt
listener.name.ssl.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:$sasl_user
PROPERTIES
    fi
  } > "$dir/server.properties"
}

write_logging() {
  cat > "$data/log4j2.properties" << 'LOGGING'
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=Out
appender.out.type=Console
appender.out.name=Out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=[%d] %p %m (%c)%n
LOGGING
}

# A fresh id for each fresh data folder, so that state of a wiped cluster is known as foreign.
cluster_id() {
  if [ ! -f "$data/cluster.id" ]; then
    head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=' | sed 's/^-/A/' > "$data/cluster.id"
  fi
  cat "$data/cluster.id"
}

run_java() { # run_java CLASS ARGUMENTS…, with JVM options in $jvm
  java ${jvm:-} "-Dlog4j2.configurationFile=$data/log4j2.properties" -cp "$jars/*" "$@"
}

start_node() { # start_node NODE
  local dir
  dir=$(node_dir "$1")
  mkdir -p "$dir"
  write_properties "$1"
  if [ ! -f "$dir/log/meta.properties" ]; then
    local mode=()
    [ "$nodes" = 1 ] && mode=(--standalone)
    jvm="-Xmx128m -XX:TieredStopAtLevel=1" run_java kafka.tools.StorageTool format --cluster-id "$(cluster_id)" \
      --config "$dir/server.properties" "${mode[@]}" > "$dir/format.log" 2>&1 ||
      { cat "$dir/format.log" >&2; fail "node $1 could not be formatted: 'kafka.sh wipe' starts afresh"; }
  fi
  jvm="-Xms64m -Xmx$heap -XX:+UseG1GC -XX:-UsePerfData"
  # shellcheck disable=SC2086
  setsid java $jvm "-Dlog4j2.configurationFile=$data/log4j2.properties" -cp "$jars/*" \
    kafka.Kafka "$dir/server.properties" > "$dir/server.log" 2>&1 < /dev/null 9>&- &
  echo $! > "$dir/pid"
}

# A node is ready when its own metadata answer lists all nodes that were asked for; an open port is not enough.
node_answers() { # node_answers NODE EXPECTED…
  local metadata i
  metadata=$(kcat -b "127.0.0.1:$((port + $1 - 1))" -L -m 2 2> /dev/null) || return 1
  shift
  for i in "$@"; do grep -q "broker $i at" <<< "$metadata" || return 1; done
}

wait_for() { # wait_for NODE…
  local i deadline=$((SECONDS + 90))
  for i in "$@"; do
    until node_answers "$i" "$@"; do
      node_pid "$i" > /dev/null || { tail -n 20 "$(node_dir "$i")/server.log" >&2; fail "node $i stopped: $(node_dir "$i")/server.log"; }
      [ "$SECONDS" -lt "$deadline" ] || fail "node $i does not answer after 90 s: $(node_dir "$i")/server.log"
      sleep 0.2
    done
  done
}

bootstrap() {
  local i servers=""
  for i in $(seq "$nodes"); do servers+="${servers:+,}127.0.0.1:$(($1 + i - 1))"; done
  echo "$servers"
}

# The threads of a node that was killed may hold its port for a moment longer than there is a process to see.
await_port() { # await_port PORT
  local deadline=$((SECONDS + 10))
  while (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || fail "port $1 is taken by another program: set EARSHOT_KAFKA_PORT"
    sleep 0.2
  done
}

start() { # start NODE…
  local i began=$SECONDS started=0
  [ "$nodes" = 1 ] || [ "$nodes" = 3 ] || fail "EARSHOT_KAFKA_NODES is 1 or 3, not '$nodes'"
  need java openjdk-17-jre-headless
  need kcat kcat
  fetch
  mkdir -p "$data"
  exec 9> "$data/lock"
  flock -w 120 9 || fail "another kafka.sh holds $data/lock"
  if [ "$tls" = 1 ]; then make_certificates; fi
  write_logging
  for i in "$@"; do
    if node_pid "$i" > /dev/null; then continue; fi
    await_port $((port + i - 1))
    start_node "$i"
    started=$((started + 1))
  done
  wait_for "$@"
  exec 9>&-
  if [ "$started" = 0 ]; then
    echo "already up: $(bootstrap "$port")"
  else
    echo "ready after $((SECONDS - began)) s: $(bootstrap "$port") (Apache Kafka $version, nodes: $nodes)"
  fi
}

stop() {
  local i pid deadline=$((SECONDS + 30)) pids=()
  for i in $(seq "$nodes"); do
    pid=$(node_pid "$i") || continue
    kill "$pid" 2> /dev/null || true
    pids+=("$i")
  done
  for i in "${pids[@]}"; do
    while pid=$(node_pid "$i"); do
      if [ "$SECONDS" -ge "$deadline" ]; then
        echo "node $i did not stop within 30 s: killed" >&2
        kill -9 "$pid" 2> /dev/null || true
      fi
      sleep 0.1
    done
    rm -f "$(node_dir "$i")/pid"
  done
  if [ ${#pids[@]} = 0 ]; then echo "not running"; else echo "stopped"; fi
}

kill_node() { # kill_node NODE
  local pid
  pid=$(node_pid "$1") || fail "node $1 is not up"
  kill -9 "$pid"
  while node_pid "$1" > /dev/null; do sleep 0.05; done
  rm -f "$(node_dir "$1")/pid"
  echo "killed node $1"
}

status() {
  local i pid up=0
  for i in $(seq "$nodes"); do
    if pid=$(node_pid "$i"); then
      up=$((up + 1))
      echo "node $i: up, pid $pid, 127.0.0.1:$((port + i - 1)), $(($(awk '/VmRSS/ {print $2}' "/proc/$pid/status") / 1024)) MB resident"
    else
      echo "node $i: down"
    fi
  done
  [ "$up" = "$nodes" ]
}

print_env() {
  echo "export EARSHOT_TEST_KAFKA=$(bootstrap "$port")"
  if [ -f "$data/tls/ca.crt" ]; then
    echo "export EARSHOT_TEST_KAFKA_TLS=$(bootstrap "$tls_port")"
    echo "export EARSHOT_TEST_KAFKA_MUTUAL_TLS=$(bootstrap "$mutual_port")"
    echo "export EARSHOT_TEST_KAFKA_CERTIFICATES=$data/tls"
    echo "export EARSHOT_TEST_KAFKA_CA=$data/tls/ca.crt"
    echo "export EARSHOT_TEST_KAFKA_USER=$sasl_user"
    echo "export EARSHOT_TEST_KAFKA_PASSWORD=$sasl_password"
  fi
}

node_argument() {
  [[ ${1:-} =~ ^[1-9]$ ]] && [ "$1" -le "$nodes" ] || fail "name a node from 1 to $nodes"
}

case ${1:-} in
  fetch) fetch && echo "Apache Kafka $version is in $jars" ;;
  start) start $(seq "$nodes") ;;
  stop) stop ;;
  status) status ;;
  env) print_env ;;
  kill) node_argument "${2:-}" && kill_node "$2" ;;
  restart) node_argument "${2:-}" && start "$2" ;;
  acls) shift && write_logging && jvm="-Xmx128m -XX:TieredStopAtLevel=1" run_java org.apache.kafka.tools.AclCommand "$@" ;;
  wipe) stop && rm -rf "$data" && echo "deleted $data" ;;
  *) sed -n '2,22s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
