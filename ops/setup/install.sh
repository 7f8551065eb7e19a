#!/usr/bin/env bash
# Installs the Debian 12 packages that earshot needs; only what is missing, so that the second run needs no network.
#
#   install.sh build   what builds and runs earshot (default)
#   install.sh test    that, and what its tests need: test libraries, Java and Maven for a real Apache Kafka
set -euo pipefail
# shellcheck source=ops/setup/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

build_packages=(
  ca-certificates git g++ cmake ninja-build ccache pkg-config
  python3 python3-pip protobuf-compiler
  librdkafka-dev librocksdb-dev libsimdjson-dev libpugixml-dev libcld2-dev libhyperscan-dev libtbb-dev libboost1.81-dev libicu-dev
  libyaml-cpp-dev nlohmann-json3-dev libvalijson-dev libcli11-dev libspdlog-dev libfmt-dev prometheus-cpp-dev
  libprotobuf-dev libjemalloc-dev zlib1g-dev libzstd-dev libssl-dev
)
test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev libcpp-httplib-dev
  openjdk-17-jre-headless maven kcat openssl procps systemd
)

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

case ${1:-build} in
  build) packages=("${build_packages[@]}") ;;
  test) packages=("${build_packages[@]}" "${test_packages[@]}") ;;
  *) fail "install.sh knows no set '$1'" "Call it with 'build' or 'test'." ;;
esac

command -v dpkg-query > /dev/null && command -v apt-get > /dev/null ||
  fail "this is not a Debian system" "Install the libraries of docs/dependencies.md with your own package manager, then run cmake."

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] && ! command -v sudo > /dev/null; then
  fail "${#missing[@]} packages are missing and this user may not install any" \
    "Ask an administrator to run: apt-get install --no-install-recommends ${missing[*]}"
fi
# A password is asked for here, not inside a step whose output goes to a log.
[ "$(id -u)" = 0 ] || sudo true || fail "sudo refused" "Run this as root, or as a user whom sudo allows apt-get."

step apt-update "Reading the package lists" \
  "Check the network and /etc/apt/sources.list." \
  as_root apt-get update -q
step apt-install "Installing ${#missing[@]} packages" \
  "The packages have these names in Debian 12 (bookworm); see the log for the one that apt could not find or fetch." \
  as_root apt-get install -q -y --no-install-recommends "${missing[@]}"
