#!/usr/bin/env bash
# train.sh JAVA APP: makes APP/block-controller.aot, the cache of loaded classes (JEP 483, JEP 514), by running the controller
# of APP on an embedded cluster until it is ready. JAVA is the run-time that will use it, with the same paths.
set -euo pipefail
readonly JAVA=$1 APP=$2
work=$(mktemp -d)
cluster=
controller=
trap 'kill $cluster $controller 2>/dev/null || true; rm -rf "$work"' EXIT
await() {
  local seconds=0
  until "$@"; do
    [ $((seconds += 1)) -le 120 ] || { cat "$work"/*.log >&2; exit 1; }
    sleep 1
  done
}

java -Xmx1g --sun-misc-unsafe-memory-access=allow -cp 'kubesim/target/block-controller-kubesim.jar:kubesim/target/lib/*' \
  run.clawcloud.block.kubesim.Simulate --namespaces 1000 --labelled 50% --write-kubeconfig "$work/kubeconfig" \
  >"$work/cluster.log" 2>&1 &
cluster=$!
await test -s "$work/kubeconfig"

touch "$work/controller.log"
# The same flags as later, but for the cache.
grep -v AOTCache "$APP/jvm.options" >"$work/jvm.options"
"$JAVA/bin/java" -XX:AOTCacheOutput="$APP/block-controller.aot" "@$work/jvm.options" --kubeconfig "$work/kubeconfig" \
  --metrics-bind-address 127.0.0.1:0 --health-probe-bind-address 127.0.0.1:0 >"$work/controller.log" 2>&1 &
controller=$!
await grep -q 'works on' "$work/controller.log"
kill "$controller"
# It stops with 0, or a part of it did not start.
wait "$controller" || { cat "$work/controller.log" >&2; exit 1; }
controller=
test -s "$APP/block-controller.aot"
