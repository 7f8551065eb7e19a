# Steps: what the scripts of this project share. Sourced, never run. It moves to the project's root, sets an environment
# that does not depend on the caller's, and gives `step` and `fail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
deps=${EARSHOT_DEPS_DIR:-$root/.deps}
logs=$deps/logs
mkdir -p "$logs"

export LC_ALL=C.UTF-8
# The compiler's own list of what a file includes is enough for ccache: a first build then costs no extra pass.
export CCACHE_DEPEND=true
# ccache, pip and Maven keep their files under HOME.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
  export HOME=$deps/home
  mkdir -p "$HOME"
fi

fail() { # fail PROBLEM REMEDY
  printf 'earshot: %s\n  %s\n' "$1" "$2" >&2
  exit 1
}

# Shows the last line of a long step to a person; a log file gets nothing of it.
show_progress() {
  local line
  if [ ! -t 1 ]; then
    cat > /dev/null
    return
  fi
  while IFS= read -r line; do printf '\r\033[K  %s' "${line:0:100}"; done
  printf '\r\033[K'
}

step() { # step NAME TITLE REMEDY COMMAND…: runs the command with its output in a log; a failure ends the script
  local name=$1 title=$2 remedy=$3 began=$SECONDS
  local log=$logs/$name.log
  shift 3
  printf '%s\n' "$title"
  if ! "$@" 2>&1 | tee "$log" | show_progress; then
    tail -n 30 "$log" >&2
    fail "$title: failed after $((SECONDS - began)) s, all of its output is in $log" "$remedy"
  fi
  printf '  done in %s s\n' "$((SECONDS - began))"
}

# Configures a preset; options are only needed where the cached ones differ. A folder that was configured without tests
# keeps that until somebody asks for them.
configure() { # configure PRESET OPTION…
  local preset=$1
  shift
  step "configure-$preset" "Configuring ($preset)" \
    "Run ops/setup/install.sh test if a library is missing; delete build/$preset if it was made by another compiler." \
    cmake --preset "$preset" "$@"
}
