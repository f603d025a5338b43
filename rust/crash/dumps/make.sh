#!/bin/sh
# Makes dumps of all programs into the folder $1. Needs gcc, g++, rustc and the right to ptrace; other
# languages are taken if they are there. DEBUG=1: the programs have debug information.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"
dumper=${DUMPER:-$here/target/release/framewright-dumps}
c=-g0 rust=none
[ -z "${DEBUG:-}" ] || c=-g rust=full
gcc -shared -fPIC -O1 -o "$out/preload.so" "$here/preload.c"
gcc -O1 $c -pthread -o "$out/crash-c" "$here/programs/crash.c"
gcc -O2 $c -pthread -fomit-frame-pointer -o "$out/crash-c-o2" "$here/programs/crash.c"
g++ -O1 $c -pthread -o "$out/crash-cc" "$here/programs/crash.cc"
rustc -O -C debuginfo="$rust" -o "$out/crash-rs" "$here/programs/crash.rs"
dump() {
  name=$1
  shift
  "$dumper" "$out/$name.dmp" "$out/preload.so" "$@" || echo "no dump of $name" >&2
}
for how in null recursion deep overflow smash abort divide trap jump callback free threads4 threads60; do
  dump "c-$how" "$out/crash-c" "$how"
  dump "c-o2-$how" "$out/crash-c-o2" "$how"
done
for how in throw virtual thread; do dump "cc-$how" "$out/crash-cc" "$how"; done
for how in read abort thread; do dump "rs-$how" "$out/crash-rs" "$how"; done
dump python-null python3 -c 'import ctypes; ctypes.string_at(8)'
dump python-sleep python3 -c 'import threading, time
for i in range(5): threading.Thread(target=time.sleep, args=(9,), name=f"t{i}").start()
time.sleep(9)'
dump node-abort node -e 'process.abort()'
dump node-wait node -e 'setTimeout(() => 0, 9000)'
