#!/bin/sh
# Runs the examples against the project's own server, each under a time limit, and looks at what they say.
set -eu

usage() {
  cat <<'EOT'
usage: run-examples.sh BUILD-DIR [EXAMPLE…]

Starts BUILD-DIR/tests/test-server on a free port and runs BUILD-DIR/examples/EXAMPLE… (all that are
built) against it. Exit status 0 where each ends with 0 in time and says what it should.
EOT
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
  '')
    usage >&2
    exit 2
    ;;
esac
build=$1
if [ -z "${XHR_TEST_SERVER:-}" ]; then
  exec "$(dirname "$0")/../support/with-server" "$build" "$0" "$@"
fi
shift
limit=30
failed=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run NAME URL PATTERN: PATTERN is an extended regular expression that a line must match.
run() {
  program=$build/examples/$1
  if [ ! -x "$program" ]; then
    echo "skipped: $1 was not built"
    return
  fi
  status=0
  timeout "$limit" "$program" "$2" >"$output" 2>&1 || status=$?
  if [ "$status" -eq 0 ] && grep -Eq "$3" "$output"; then
    echo "passed: $1"
  else
    echo "FAILED: $1, exit status $status, expected a line with: $3"
    sed 's/^/  /' "$output"
    failed=1
  fi
}

if [ $# -eq 0 ]; then
  set -- hello quickstart loop_poll loop_libuv loop_glib embed_quickjs
fi
for name in "$@"; do
  case $name in
    hello) run hello "$XHR_TEST_SERVER/text" "^200: " ;;
    embed_quickjs) run embed_quickjs "$XHR_TEST_SERVER/json" '^200 \{"message":' ;;
    quickstart) run quickstart "$XHR_TEST_SERVER" '^All went as expected\.$' ;;
    # The delay lets the loop's own timer, every 20 ms, tick meanwhile.
    loop_*) run "$name" "$XHR_TEST_SERVER/delay/200" '^3 of 3 answered, ([5-9]|[1-9][0-9]+) ticks' ;;
    *)
      echo "no such example: $name" >&2
      exit 2
      ;;
  esac
done
exit "$failed"
