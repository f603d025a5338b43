"""Clients of debuginfod from Debian, unmodified: elfutils, gdb, lldb, LLVM's tools and valgrind."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import uuid
import zipfile
from pathlib import Path

from drive import Client, Server, expect, program, run

CODE = """int compute(int x) { return x * 42; }
int main(int argc, char **argv) { return compute(argc) == 42 ? 0 : 1; }
"""


def upload(server: Server, *files: Path | tuple[str, bytes]) -> None:
    """Sends files in a zip, as sentry-cli 2 does."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zip_file:
        for file in files:
            name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file
            zip_file.writestr(name, content)
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'.encode()
        + archive.getvalue()
        + f"\r\n--{boundary}--\r\n".encode())
    status, answer = server.request(
        "POST", "/api/0/projects/default/default/files/dsyms/", body,
        **{"Content-Type": f"multipart/form-data; boundary={boundary}"})
    expect(status == 201, f"the upload was answered with {status}: {answer.decode()}")


def build_id(program_file: Path) -> str:
    notes = run([program("readelf"), "-n", program_file]).ok("Build ID").output
    return notes.split("Build ID:")[1].split()[0]


def debug_id(build: str) -> str:
    return str(uuid.UUID(bytes_le=bytes.fromhex(build)[:16]))


def source_bundle(build: str, path: str, text: str) -> tuple[str, bytes]:
    """A bundle of one source, as `sentry-cli debug-files bundle-sources` writes it."""
    manifest = {
        "files": {"files/one": {"type": "source", "path": path}},
        "debug_id": debug_id(build), "code_id": build, "object_name": "prog", "arch": "x86_64",
    }
    content = io.BytesIO(b"SYSB\x02\x00\x00\x00")
    content.seek(8)
    with zipfile.ZipFile(content, "a") as zip_file:
        zip_file.writestr("files/one", text)
        zip_file.writestr("manifest.json", json.dumps(manifest))
    return "prog.src.zip", content.getvalue()


def stripped(server: Server, folder: Path) -> tuple[Path, str]:
    """A program without debug information and its build id; all else of it is on the server."""
    source = folder / "prog.c"
    source.write_text(CODE)
    compiler = shutil.which("gcc") or shutil.which("clang") or "cc"
    run([compiler, "-g", "-O1", "-fno-inline", "-Wl,--build-id", "-o", "prog", source], folder).ok()
    prog = folder / "prog"
    debug = folder / "prog.debug"
    run([program("objcopy"), "--only-keep-debug", prog, debug]).ok()
    run([program("strip"), prog]).ok()
    build = build_id(prog)
    upload(server, prog, debug, source_bundle(build, str(source), CODE))
    return prog, build


def asked(server: Server, command: list, **environment: str) -> Client:
    """Runs a client that starts with an empty cache: it would remember misses for minutes."""
    with tempfile.TemporaryDirectory() as cache:
        return run(command, None, DEBUGINFOD_URLS=server.url, DEBUGINFOD_CACHE_PATH=cache, **environment)


def elfutils(server: Server, folder: Path) -> None:
    prog, build = stripped(server, folder)
    find = program("debuginfod-find")
    expected = {
        ("debuginfo", build): (folder / "prog.debug").read_bytes(),
        ("executable", build): prog.read_bytes(),
        ("source", build, str(folder / "prog.c")): CODE.encode(),
        ("source", build, f"{folder}/sub/..//prog.c"): CODE.encode(),
    }
    for question, content in expected.items():
        with tempfile.TemporaryDirectory() as cache:
            found = run([find, *question], None, DEBUGINFOD_URLS=server.url, DEBUGINFOD_CACHE_PATH=cache).ok()
            got = Path(found.output.strip().splitlines()[-1]).read_bytes()
            expect(got == content, f"debuginfod-find {' '.join(question)} has {len(got)} bytes, not {len(content)}")
    asked(server, [find, "debuginfo", "00" * 20]).ended(1)
    asked(server, [find, "source", build, "/etc/passwd"]).ended(1)
    status, section = server.request("GET", f"/buildid/{build}/section/.debug_line")
    expect(status == 200 and section, f"the section .debug_line is answered with {status}")


def gdb(server: Server, folder: Path) -> None:
    prog, _ = stripped(server, folder)
    (folder / "prog.c").unlink()
    asked(
        server,
        [program("gdb"), "-nx", "-batch", "-iex", "set debuginfod enabled on", "-ex", "info line compute",
         "-ex", "list compute", prog]).ok('Line 1 of "', "return x * 42")


def lldb(server: Server, folder: Path) -> None:
    prog, _ = stripped(server, folder)
    asked(
        server,
        [program("lldb-19", "lldb"), "--batch",
         "-o", f"settings set plugin.symbol-locator.debuginfod.server-urls {server.url}",
         "-o", "settings set symbols.enable-external-lookup true",
         "-o", "target create " + str(prog), "-o", "image lookup -v -n compute"]).ok("prog.c:1")


def llvm(server: Server, folder: Path) -> None:
    prog, build = stripped(server, folder)
    symbols = run([program("nm"), folder / "prog.debug"]).ok().output
    address = next(line.split()[0] for line in symbols.splitlines() if line.endswith(" compute"))
    found = asked(server, [program("llvm-debuginfod-find-14", "llvm-debuginfod-find"), "--debuginfo", build]).ok()
    expect("prog" in found.output or "llvmcache" in found.output, found.output)
    asked(
        server, [program("llvm-symbolizer-14", "llvm-symbolizer"), f"--obj={prog}", "0x" + address]
    ).ok("compute", "prog.c:1")


def valgrind(server: Server, folder: Path) -> None:
    prog, _ = stripped(server, folder)
    before = server.requests("/buildid")
    asked(server, [program("valgrind"), "--tool=none", prog]).ok()
    expect(server.requests("/buildid") > before, "valgrind had no file of the server")


CHECKS = [elfutils, gdb, lldb, llvm, valgrind]
