"""The README's examples: built and uploaded with its commands, crashed for real, and resolved a moment later."""

from __future__ import annotations

import json
import re
import uuid
import zipfile
from pathlib import Path

from curl import cli
from drive import Client, Server, expect, program, run
from sentry_cli import V3
from sentry_cli import cli as sentry

# What a crash handler of a C program has at hand: return addresses, and where the program lies.
CPP = r"""#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void crashed(int) {
    void *stack[32];
    int count = backtrace(stack, 32);
    unsigned long base = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == nullptr || fscanf(maps, "%lx", &base) != 1) _exit(2);
    printf("base %#lx\n", base);
    for (int i = 0; i < count; i++) printf("frame %p\n", stack[i]);
    fflush(stdout);
    _exit(1);
}

struct Till {
    int *total;
    void add(int amount) { *total += amount; }
};

int main(int argc, char **) {
    signal(SIGSEGV, crashed);
    Till till{argc > 9 ? &argc : nullptr};
    till.add(argc);
    return *till.total;
}
"""

RUST = r"""use std::ffi::c_void;

unsafe extern "C" {
    fn backtrace(stack: *mut *mut c_void, size: i32) -> i32;
}

#[inline(never)]
fn price(prices: &[u32], number: usize) -> u32 {
    prices[number]
}

fn main() {
    std::panic::set_hook(Box::new(|_| {
        let mut stack = [std::ptr::null_mut(); 64];
        let count = unsafe { backtrace(stack.as_mut_ptr(), 64) } as usize;
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        println!("base 0x{}", maps.split('-').next().unwrap());
        stack[..count].iter().for_each(|frame| println!("frame {frame:?}"));
        std::process::exit(1);
    }));
    println!("{}", price(&[1, 2], std::env::args().count() + 1));
}
"""

SCRIPT = """function pay(receipt) {
  return receipt.total.amount;
}

pay({ shop: process.argv[0] });
"""

MAPPING = """com.example.Till -> a.b:
    1:2:void add(int):20:21 -> c
"""


def native(server: Server, app: Path) -> list[dict]:
    """Crashes a program; its frames as the server has them."""
    printed = run([app]).output
    base = int(re.search(r"^base (0x[0-9a-f]+)$", printed, re.M)[1], 16)
    addresses = [int(one, 16) for one in re.findall(r"^frame (0x[0-9a-f]+)$", printed, re.M)]
    code_id = re.search(r"Build ID: ([0-9a-f]+)", run(["readelf", "-n", app]).ok().output)[1]
    size = 1 << 24
    answer = server.json("POST", "/symbolicate", {
        "stacktraces": [{"frames": [
            {"instruction_addr": hex(address)} for address in addresses if base <= address < base + size]}],
        "modules": [{"type": "elf", "code_id": code_id, "debug_id": str(uuid.UUID(bytes_le=bytes.fromhex(code_id[:32]))),
                     "image_addr": hex(base), "image_size": size, "code_file": str(app)}]})
    return answer["stacktraces"][0]["frames"]


def has(frames: list[dict], function: str, file: str, line: int) -> None:
    expect(
        any(function in frame.get("function", "") and frame.get("filename", frame.get("abs_path", "")).endswith(file)
            and frame.get("lineno") == line for frame in frames),
        f"no {function} at {file}:{line} in {json.dumps(frames, indent=1)}")


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def cpp(server: Server, folder: Path) -> None:
    (folder / "app.cpp").write_text(CPP)
    run(["c++", "-g", "-Wl,--build-id", "app.cpp", "-o", "app"], folder).ok()
    cli(server, "upload", folder / "app", "--wait").ok("1 sent")
    frames = native(server, folder / "app")
    has(frames, "Till::add", "app.cpp", line_of(CPP, "*total +="))
    has(frames, "main", "app.cpp", line_of(CPP, "till.add(argc)"))


def rust(server: Server, folder: Path) -> None:
    source = folder / "src"
    source.mkdir()
    (source / "main.rs").write_text(RUST)
    (folder / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "1.0.0"\nedition = "2024"\n')
    run(["cargo", "build", "--release", "--offline"], folder, CARGO_PROFILE_RELEASE_DEBUG="1").ok()
    app = folder / "target/release/app"
    cli(server, "upload", app, "--wait").ok("1 sent")
    frames = native(server, app)
    has(frames, "price", "main.rs", line_of(RUST, "prices[number]"))
    has(frames, "main", "main.rs", line_of(RUST, "args().count()"))


def bundled(folder: Path, out: str) -> Path:
    (folder / "pay.js").write_text(SCRIPT)
    built = folder / out
    run([program("node_modules/.bin/esbuild"), "pay.js", "--bundle", "--minify", "--sourcemap", "--platform=node",
         f"--outfile={out}"], folder).ok()
    return built


def crashed(server: Server, script: Path) -> list[dict]:
    """Crashes a script; its frames as the server has them."""
    printed = run(["node", script]).output
    frames = [
        {"abs_path": path, "lineno": int(line), "colno": int(column)} for path, line, column in
        re.findall(rf"at .*?({re.escape(str(script))}):(\d+):(\d+)", printed)]
    expect(frames, printed)
    debug_id = re.search(r"//# debugId=(\S+)", script.read_text())[1]
    answer = server.json("POST", "/symbolicate-js?scope=default", {
        "stacktraces": [{"frames": frames}],
        "modules": [{"type": "sourcemap", "debug_id": debug_id, "code_file": str(script)}]})
    return answer["stacktraces"][0]["frames"]


def javascript(server: Server, folder: Path) -> None:
    script = bundled(folder, "dist/pay.js")
    sentry(server, V3, "sourcemaps", "inject", script.parent).ok()
    cli(server, "upload", script.parent, "--wait").ok()
    has(crashed(server, script), "pay", "pay.js", line_of(SCRIPT, "receipt.total"))


def react_native(server: Server, folder: Path) -> None:
    """A bundle as Metro makes it with Sentry's serializer, an APK with a library, and what R8 has renamed."""
    bundle = bundled(folder, "index.android.bundle")
    source_map = folder / "index.android.bundle.map"
    debug_id = str(uuid.uuid5(uuid.NAMESPACE_URL, str(folder)))
    text = bundle.read_text()
    bundle.write_text(text.replace("//# sourceMappingURL", f"//# debugId={debug_id}\n//# sourceMappingURL"))
    source_map.write_text(json.dumps(json.loads(source_map.read_text()) | {"debugId": debug_id}))
    (folder / "native.cpp").write_text(CPP.replace("total", "sum"))
    run(["c++", "-g", "-Wl,--build-id", "native.cpp", "-o", "libnative.so"], folder).ok()
    with zipfile.ZipFile(folder / "app.apk", "w", zipfile.ZIP_DEFLATED) as apk:
        apk.write(folder / "libnative.so", "lib/x86_64/libnative.so")
    (folder / "mapping.txt").write_text(MAPPING)
    done: Client = cli(
        server, "upload", bundle, source_map, folder / "app.apk", folder / "mapping.txt", "--wait", "--json").ok()
    has(crashed(server, bundle), "pay", "pay.js", line_of(SCRIPT, "receipt.total"))
    has(native(server, folder / "libnative.so"), "Till::add", "native.cpp", line_of(CPP, "*total +="))
    mapping = cli(server, "check", folder / "mapping.txt", "--json").output
    answer = server.json("POST", "/symbolicate-jvm?scope=default", {
        "modules": [{"type": "proguard", "uuid": re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", mapping)[0]}],
        "exceptions": [], "classes": [],
        "stacktraces": [{"frames": [{"module": "a.b", "function": "c", "lineno": 2, "index": 0}]}]})
    frame = answer["stacktraces"][0]["frames"][0]
    expect(
        (frame["module"], frame["function"], frame["lineno"]) == ("com.example.Till", "add", 21),
        f"{done.output}\n{json.dumps(answer, indent=1)}")


CHECKS = [cpp, rust, javascript, react_native]
