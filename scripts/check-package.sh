#!/usr/bin/env bash
# What a newcomer does: a clean clone of HEAD, and the package in an empty folder. With --tests also the tests of the
# clone. Exit code 0: all works; 1: something does not; 77: the registry cannot be reached.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export npm_config_cache="$folder/npm-cache" npm_config_loglevel=error npm_config_fund=false npm_config_audit=false

fail() {
  echo "$1"
  exit 1
}

# expect CODE PATTERN COMMAND…: the exit code, and a line of the output.
expect() {
  local code=$1 pattern=$2 status=0
  shift 2
  "$@" >"$folder/out" 2>"$folder/err" || status=$?
  if [ $status -ne "$code" ] || ! grep -q "$pattern" "$folder/out"; then
    tail -n 20 "$folder/out" "$folder/err"
    fail "exit code $status, expected $code and a line like '$pattern': $*"
  fi
  echo "ok: $*"
}

npm ping >/dev/null 2>&1 || { echo 'the registry cannot be reached' && exit 77; }
git -C "$root" rev-parse HEAD >/dev/null 2>&1 || { echo 'this is no git repository' && exit 77; }
[ -z "$(git -C "$root" status --porcelain)" ] || echo 'note: what is not committed is not in the clone'

git clone --quiet "$root" "$folder/clone"
cd "$folder/clone"
npm ci >"$folder/out" 2>&1 || { cat "$folder/out" && fail 'npm ci fails in a clean clone'; }
expect 0 '^[0-9]*\.[0-9]*\.[0-9]*$' npx solevoter --version
expect 1 '^VIOLATED  guide-hot-swap' npx solevoter rehearse guide-hot-swap --timings 20
# The link that npx keeps must survive a new build.
npm run build >/dev/null
expect 0 'set-identity --require-tower' npx solevoter show guide-hot-swap
if [ "${1:-}" = --tests ]; then expect 0 'passed' npm test; fi
[ -z "$(git status --porcelain)" ] || fail "the clone has changed: $(git status --porcelain)"

npm pack --silent --pack-destination "$folder" >/dev/null
mkdir "$folder/empty"
cd "$folder/empty"
npm install --silent "$folder"/solevoter-*.tgz >"$folder/out" 2>&1 || { cat "$folder/out" && fail 'the package cannot be installed'; }
expect 0 '^[0-9]*\.[0-9]*\.[0-9]*$' npx --no-install solevoter --version
expect 0 'set-identity --require-tower' npx --no-install solevoter show guide-hot-swap
cat >mine.yaml <<'YAML'
procedure: mine
title: Demote, and nothing else
starts: prepared
steps:
  - id: demote
    host: active
    run: agave-validator -l {ledger} set-identity {junk-key}
YAML
expect 1 '^VIOLATED  mine: ' npx --no-install solevoter rehearse ./mine.yaml --timings 0
