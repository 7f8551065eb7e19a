#!/usr/bin/env bash
# Sets up what the tests need, builds everything, starts a real Apache Kafka and runs all tests. The exit status is that of
# the tests; the broker is stopped in any case.
#
#   EARSHOT_SANITIZER       asan-ubsan or tsan: that preset instead of release
#   EARSHOT_TEST_JOBS       tests at a time (2)
#   EARSHOT_TEST_ONLY       a regular expression of ctest: only the tests whose names match
#   EARSHOT_KAFKA_PORT      port of the broker (one that is free)
set -euo pipefail
# shellcheck source=ops/setup/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup/steps.sh"

preset=${EARSHOT_SANITIZER:-release}
case $preset in
  release | asan-ubsan | tsan) ;;
  *) fail "EARSHOT_SANITIZER is '$preset'" "Set it to asan-ubsan or tsan, or leave it out." ;;
esac
test_data=$root/build/$preset/test-data

# The broker's controller listens 10,000 above its port and its TLS listener 20,000 above; all three stay below the ports that
# Linux gives to outgoing connections.
free_port() {
  python3 - << 'PYTHON'
import random
import socket

def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

ports = (random.randrange(10100, 12700) for _ in range(1000))
print(next(port for port in ports if all(is_free(port + above) for above in (0, 10000, 20000, 20010))))
PYTHON
}

stop_kafka() {
  # The tests' own status is what counts; a broker that is gone already is no fault.
  ops/kafka/kafka.sh stop > "$logs/kafka-stop.log" 2>&1 || true
}

ops/setup/install.sh test

bench=ON
[ "$preset" = release ] || bench=OFF
configure "$preset" -DEARSHOT_BUILD_TESTS=ON -DEARSHOT_BUILD_BENCH=$bench
step "build-$preset" "Building everything (some minutes the first time)" \
  "The first error is in the log. Out of memory? Build with fewer jobs: CMAKE_BUILD_PARALLEL_LEVEL=1 ops/test.sh" \
  cmake --build --preset "$preset"

export EARSHOT_KAFKA_NODES=1
export EARSHOT_KAFKA_TLS=1
export EARSHOT_KAFKA_PORT=${EARSHOT_KAFKA_PORT:-$(free_port)}
export EARSHOT_KAFKA_DIR=$test_data/kafka
trap stop_kafka EXIT
# A broker that an interrupted run left behind would hold the folder.
stop_kafka
rm -rf "$test_data"
mkdir -p "$test_data"
step kafka-fetch "Fetching Apache Kafka" \
  "Is Maven Central, or the mirror in ~/.m2/settings.xml, reachable?" \
  ops/kafka/kafka.sh fetch
step kafka-start "Starting Apache Kafka on port $EARSHOT_KAFKA_PORT" \
  "Is a JDK 17 first in PATH, and 1 GB of memory free? Another port: EARSHOT_KAFKA_PORT=N ops/test.sh" \
  ops/kafka/kafka.sh start
kafka_environment=$(ops/kafka/kafka.sh env)
eval "$kafka_environment"

status=0
ctest --preset "$preset" -j "${EARSHOT_TEST_JOBS:-2}" --output-log "$logs/ctest-$preset.log" \
  ${EARSHOT_TEST_ONLY:+-R "$EARSHOT_TEST_ONLY"} || status=$?
if [ "$status" != 0 ]; then
  printf 'earshot: tests failed, all of their output is in %s\n' "$logs/ctest-$preset.log" >&2
  printf '  Run one again with: EARSHOT_TEST_ONLY=NAME ops/test.sh\n' >&2
fi
exit "$status"
