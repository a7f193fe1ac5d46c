#!/bin/sh
# Asks ECS rollback whether a deployment is wanted now. For a pipeline, just before it deploys:
#
#   sh hold-check.sh production notify api                  target, cluster, service
#   sh hold-check.sh production notifications-api           target, image
#
# HOLD_URL    address of the dashboard, https://rollback.example.org
# HOLD_TOKEN  this pipeline's token
#
# Ends with 0 to go on, 75 where deployments are on hold, 78 where the dashboard does not take the question as it was
# asked. While it is silent or in trouble it is asked again for a minute, then this goes on with a warning: a broken
# dashboard must not stop a fix. One that says it is asked too often is not broken, and may know of a hold: it is asked
# again when it says, ten times, and then this ends with 78.

set -u

PATIENCE=${HOLD_PATIENCE_SECONDS:-60}
TURNS=${HOLD_TURNS:-10}

say() { printf '%s\n' "hold-check: $*" >&2; }

case $# in
3) set -- --data-urlencode "target=$1" --data-urlencode "cluster=$2" --data-urlencode "service=$3" ;;
2) set -- --data-urlencode "target=$1" --data-urlencode "image=$2" ;;
*)
  say 'usage: hold-check.sh TARGET CLUSTER SERVICE, or TARGET IMAGE'
  exit 78
  ;;
esac
if [ -z "${HOLD_URL:-}" ] || [ -z "${HOLD_TOKEN:-}" ]; then
  say 'HOLD_URL and HOLD_TOKEN must be set'
  exit 78
fi

# The token goes by standard input: arguments can be read by others on the machine.
ask() {
  printf 'header = "Authorization: Bearer %s"\n' "$HOLD_TOKEN" |
    curl --config - --silent --max-time 10 --get "$@" --write-out '\n%{http_code}' "${HOLD_URL%/}/api/v1/holds"
}

until=$(($(date +%s) + PATIENCE))
turn=0
while :; do
  answer=$(ask "$@")
  status=${answer##*
}
  body=${answer%
*}
  case "$status $body" in
  '200 {"decision":"proceed"'*)
    say 'nothing is on hold'
    exit 0
    ;;
  '200 {"decision":"hold"'*)
    say 'deployments are on hold:'
    printf '%s\n' "$body" >&2
    exit 75
    ;;
  '400 '* | '401 '* | '403 '* | '404 '*)
    say "the question was not taken ($status):"
    printf '%s\n' "$body" >&2
    exit 78
    ;;
  '429 '*)
    turn=$((turn + 1))
    if [ "$turn" -gt "$TURNS" ]; then
      say "this token asks too often (429): nobody knows whether deployments are on hold"
      exit 78
    fi
    again=$(printf '%s' "$body" | sed -n 's/.*Ask again in \([0-9]\{1,3\}\) s.*/\1/p')
    # Others were sent away too: they need not all come back in the same second.
    sleep $((${again:-30} + $$ % 10))
    until=$(($(date +%s) + PATIENCE))
    continue
    ;;
  '5'* | '000 '*) ;;
  *)
    say "HOLD_URL does not lead to the dashboard ($status): nobody knows whether deployments are on hold"
    exit 78
    ;;
  esac
  if [ "$(date +%s)" -ge "$until" ]; then
    say "WARNING: no answer for $PATIENCE s (${status:-none}). Going on without knowing whether deployments are on hold."
    exit 0
  fi
  sleep 5
done
