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
shift
limit=30
failed=0

dir=$(mktemp -d)
server=
# shellcheck disable=SC2317  # called by the trap
finish() {
  if [ -n "$server" ]; then
    exec 3>&-
    kill -TERM "$server" 2>/dev/null || :
    wait "$server" 2>/dev/null || :
  fi
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkfifo "$dir/stdin"
"$build/tests/test-server" <"$dir/stdin" >"$dir/stdout" &
server=$!
exec 3>"$dir/stdin"
address=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  address=$(sed -n 's/^listening //p' "$dir/stdout")
  [ -n "$address" ] && break
  sleep 0.1
done
if [ -z "$address" ]; then
  echo "the test server did not start" >&2
  exit 1
fi

# run NAME URL PATTERN: PATTERN is an extended regular expression that a line must match.
run() {
  program=$build/examples/$1
  if [ ! -x "$program" ]; then
    echo "skipped: $1 was not built"
    return
  fi
  status=0
  env -u http_proxy -u https_proxy -u all_proxy timeout "$limit" "$program" "$2" \
    >"$dir/out" 2>&1 3>&- || status=$?
  if [ "$status" -eq 0 ] && grep -Eq "$3" "$dir/out"; then
    echo "passed: $1"
  else
    echo "FAILED: $1, exit status $status, expected a line with: $3"
    sed 's/^/  /' "$dir/out"
    failed=1
  fi
}

if [ $# -eq 0 ]; then
  set -- hello quickstart loop_poll loop_libuv loop_glib
fi
for name in "$@"; do
  case $name in
    hello) run hello "http://$address/text" "^200: " ;;
    quickstart) run quickstart "http://$address" '^All went as expected\.$' ;;
    # The delay lets the loop's own timer, every 20 ms, tick meanwhile.
    loop_*) run "$name" "http://$address/delay/200" '^3 of 3 answered, ([5-9]|[1-9][0-9]+) ticks' ;;
    *)
      echo "no such example: $name" >&2
      exit 2
      ;;
  esac
done

kill -0 "$server" 2>/dev/null || {
  echo "FAILED: the test server died"
  failed=1
}
exit "$failed"
