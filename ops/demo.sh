#!/usr/bin/env bash
# Sets everything up, builds earshot and replays a day of posts with a crisis in it through the whole pipeline, on the
# embedded log. The second run skips what is there and starts the replay afresh.
#
#   EARSHOT_DEMO_SEED  another day (7)
#   EARSHOT_DEMO_RATE  mean posts per second of that day (4)
set -euo pipefail
# shellcheck source=ops/setup/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup/steps.sh"

seed=${EARSHOT_DEMO_SEED:-7}
rate=${EARSHOT_DEMO_RATE:-4}
[[ $seed =~ ^[0-9]+$ ]] || fail "EARSHOT_DEMO_SEED is '$seed'" "Set it to a whole number."
[[ $rate =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "EARSHOT_DEMO_RATE is '$rate'" "Set it to a number of posts per second."
data=$root/earshot-data/demo
posts=$data/day-seed$seed-rate$rate.ndjson
earshot=$root/build/release/bin/earshot

ops/setup/install.sh build

if [ -f build/release/CMakeCache.txt ]; then
  configure release
else
  configure release -DEARSHOT_BUILD_TESTS=OFF -DEARSHOT_BUILD_BENCH=OFF
fi
step build-earshot "Building earshot (some minutes the first time)" \
  "The first error is in the log. Out of memory? Build with fewer jobs: CMAKE_BUILD_PARALLEL_LEVEL=1 ops/demo.sh" \
  cmake --build --preset release --target earshot

if [ ! -f "$posts" ]; then
  step generate "Writing a day of posts (seed $seed)" \
    "Is there room for some 200 MB in $data?" \
    "$earshot" generate --seed "$seed" --hours 24 --rate "$rate" --out "$posts"
fi

# State, log and outputs of the last replay, nothing else.
rm -rf "$data/run"
export EARSHOT_DEMO_POSTS=$posts
exec "$earshot" run --config ops/demo/earshot.yaml --until-end --watch
