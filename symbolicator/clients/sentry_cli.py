"""sentry-cli 3 and 2 and the plugins for esbuild and Vite, all from npm and unmodified, with what they are given to upload."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from pathlib import Path

from drive import ROOT, Client, Failed, Server, expect, program, run

FIXTURES = ROOT / "rust/core/tests/fixtures"
CHUNKS = "POST /api/0/organizations/{organization}/chunk-upload/"
V3 = "node_modules/@sentry/cli-linux-x64/bin/sentry-cli"
V2 = "node_modules/sentry-cli-2/node_modules/@sentry/cli-linux-x64/bin/sentry-cli"

HELLO = """#include <stdio.h>
int compute(int x) { return x * 42; }
int main(int argc, char **argv) { printf("%d\\n", compute(argc)); return 0; }
"""

MAPPING = """com.example.Main -> a.a:
    1:2:void run():10:11 -> a
"""


def cli(server: Server, version: str, *arguments, folder: Path | None = None, token: str | None = None) -> Client:
    return run(
        [program(version), *arguments], folder, SENTRY_URL=server.url, SENTRY_ORG="default", SENTRY_PROJECT="default",
        SENTRY_AUTH_TOKEN=server.token if token is None else token, SENTRY_DISABLE_UPDATE_CHECK="1")


def compiled(folder: Path, code: str = HELLO) -> Path:
    (folder / "hello.c").write_text(code)
    compiler = shutil.which("clang") or shutil.which("gcc") or "cc"
    run([compiler, "-g", "-O1", "-fno-inline", "-Wl,--build-id", "-o", "hello", "hello.c"], folder).ok()
    return folder / "hello"


def sends_nothing(server: Server, *command, folder: Path | None = None) -> Client:
    """Runs a command that finds all that it has on the server."""
    before = server.requests(CHUNKS)
    done = cli(server, *command, folder=folder).ok()
    expect(server.requests(CHUNKS) == before, f"chunks were sent again:\n{done.output}")
    return done


def debug_files(server: Server, folder: Path) -> None:
    hello = compiled(folder)
    upload = [V3, "debug-files", "upload", "--include-sources", "--wait", hello]
    done = cli(server, *upload).ok("File processing complete", "x86_64")
    expect(done.output.count("OK ") == 2, f"a program and its sources were sent, not this:\n{done.output}")
    sends_nothing(server, *upload)


def debug_files_resolve(server: Server, folder: Path) -> None:
    """The program of which a crash is resolved a moment after its upload, with sources."""
    hello = compiled(folder, HELLO.replace("42", "43"))
    cli(server, V3, "debug-files", "upload", "--include-sources", "--wait", hello).ok()
    symbols = run(["nm", hello]).ok().output
    compute = int(re.search(r"^([0-9a-f]+) T compute$", symbols, re.M)[1], 16)
    notes = run(["readelf", "-n", hello]).ok().output
    code_id = re.search(r"Build ID: ([0-9a-f]+)", notes)[1]
    first = uuid.UUID(bytes_le=bytes.fromhex(code_id[:32]))
    answer = server.json("POST", "/symbolicate", {
        "stacktraces": [{"frames": [{"instruction_addr": hex(0x1000_0000 + compute + 1)}]}],
        "modules": [{"type": "elf", "code_id": code_id, "debug_id": str(first), "image_addr": "0x10000000",
                     "image_size": 65536, "code_file": "/bin/hello"}]})
    frame = answer["stacktraces"][0]["frames"][0]
    expect((frame.get("function"), frame.get("lineno")) == ("compute", 2), json.dumps(answer, indent=1))
    expect(frame.get("context_line") == "int compute(int x) { return x * 43; }", json.dumps(answer, indent=1))


def debug_files_v2(server: Server, folder: Path) -> None:
    hello = compiled(folder, HELLO.replace("42", "44"))
    upload = [V2, "debug-files", "upload", "--include-sources", "--wait", hello]
    done = cli(server, *upload).ok("x86_64")
    expect(done.output.count("OK ") == 2, f"a program and its sources were sent, not this:\n{done.output}")
    sends_nothing(server, *upload)


def refused(server: Server, folder: Path) -> None:
    """A file that its own reader takes and that is of no use here is refused by its name."""
    broken = compiled(folder)
    done = cli(server, V3, "debug-files", "upload", "--wait", broken, token="wrong")
    done.ended(1, "401", "unknown, expired or revoked")


def side_files(server: Server, folder: Path) -> None:
    hello = compiled(folder, HELLO.replace("42", "45"))
    names = folder / "dartsymbolmap.json"
    names.write_text(json.dumps(["Original", "a", "Other", "b"]))
    cli(server, V3, "dart-symbol-map", "upload", names, hello).ok()
    # a program that Unity has compiled names the C# line in comments of its C++
    shutil.copy(FIXTURES / "hidden.bcsymbolmap", folder / "c8374b6d-6e96-34d8-ae38-efaa5fec424f.bcsymbolmap")
    cli(server, V3, "debug-files", "upload", "--wait", folder / "c8374b6d-6e96-34d8-ae38-efaa5fec424f.bcsymbolmap").ok()


def il2cpp(server: Server, folder: Path) -> None:
    source = HELLO.replace("int compute", "//<source_info:" + str(folder) + "/Game.cs:7>\nint compute")
    hello = compiled(folder, source)
    (folder / "Game.cs").write_text("\n" * 10)
    done = cli(server, V3, "debug-files", "upload", "--il2cpp-mapping", "--wait", hello).ok()
    expect(done.output.count("OK ") == 2, f"a program and its mapping were sent, not this:\n{done.output}")


def proguard(server: Server, folder: Path) -> None:
    mapping = folder / "mapping.txt"
    mapping.write_text(MAPPING)
    cli(server, V3, "upload-proguard", mapping).ok()
    sends_nothing(server, V3, "upload-proguard", mapping)
    other = folder / "other.txt"
    other.write_text(MAPPING.replace("Main", "Other"))
    cli(server, V2, "upload-proguard", "--app-id", "com.example", "--version", "1", "--version-code", "3", other).ok()


def script(folder: Path) -> Path:
    built = folder / "dist"
    built.mkdir(parents=True)
    (built / "out.js").write_text("function f(){throw new Error()}f();\n//# sourceMappingURL=out.js.map\n")
    (built / "out.js.map").write_text(json.dumps({
        "version": 3, "sources": ["in.js"], "sourcesContent": ["function original() { throw new Error() }"],
        "names": ["original"], "mappings": "AAAA,SAASA"}))
    return built


def source_maps(server: Server, folder: Path) -> None:
    for version in (V3, V2):
        built = script(folder / ("v3" if version == V3 else "v2"))
        (built / "which.js").write_text(f"// {version}\n")
        cli(server, version, "sourcemaps", "inject", built).ok()
        upload = [version, "sourcemaps", "upload", "--wait", built]
        cli(server, *upload).ok("artifact bundle")
        sends_nothing(server, *upload)


def source_maps_of_a_release(server: Server, folder: Path) -> None:
    for version, release in ((V3, "app@1.0+3"), (V2, "app@1.0+4")):
        built = script(folder / release)
        upload = [version, "sourcemaps", "upload", "--release", release, "--dist", "7", "--wait", built]
        cli(server, *upload).ok("artifact bundle")
        sends_nothing(server, *upload)
        cli(server, V3, "releases", "info", release).ok(release)


def releases(server: Server, folder: Path) -> None:
    for version in (V3, V2):
        release = "r@1.0" if version == V3 else "r@2.0"
        cli(server, version, "releases", "new", release).ok("Created release")
        cli(server, version, "releases", "finalize", release).ok("Finalized release")
        cli(server, version, "releases", "list").ok(release)
        cli(server, version, "releases", "info", release).ok(release)
        cli(server, version, "deploys", "new", "--release", release, "-e", "production").ok("production")
        cli(server, version, "deploys", "list", "--release", release).ok("production")
        cli(server, version, "releases", "delete", release).ok("Deleted release")
        expect(release not in cli(server, version, "releases", "list").ok().output, "a deleted release is listed")


def account(server: Server, folder: Path) -> None:
    for version in (V3, V2):
        cli(server, version, "info").ok("project:releases")
        cli(server, version, "organizations", "list").ok("default")
        cli(server, version, "projects", "list").ok("default")
        # it wants to write to its user's home
        run([program(version), "login", "--auth-token", server.token], folder, SENTRY_URL=server.url, HOME=str(folder),
            SENTRY_DISABLE_UPDATE_CHECK="1").ok("Valid org token")


def esbuild(server: Server, folder: Path) -> None:
    """A real build that injects ids, makes a release and uploads what it has built."""
    built(server, folder, "@sentry/esbuild-plugin", "built@1", """
        import esbuild from 'esbuild'
        import { sentryEsbuildPlugin } from '@sentry/esbuild-plugin'
        await esbuild.build({
          entryPoints: ['in.js'], bundle: true, minify: true, sourcemap: true, outdir: 'out',
          plugins: [sentryEsbuildPlugin({
            url: process.env.SENTRY_URL, org: 'default', project: 'default', authToken: process.env.SENTRY_AUTH_TOKEN,
            telemetry: false, debug: true, release: { name: 'built@1' },
            errorHandler: (error) => { throw error } })] })
        """)


def vite(server: Server, folder: Path) -> None:
    """The same with the bundler that most new projects have."""
    built(server, folder, "@sentry/vite-plugin", "built@2", """
        import { build } from 'vite'
        import { sentryVitePlugin } from '@sentry/vite-plugin'
        await build({
          configFile: false, logLevel: 'warn',
          build: { sourcemap: true, outDir: 'out', lib: { entry: 'in.js', formats: ['es'], fileName: 'out' } },
          plugins: [sentryVitePlugin({
            url: process.env.SENTRY_URL, org: 'default', project: 'default', authToken: process.env.SENTRY_AUTH_TOKEN,
            telemetry: false, debug: true, release: { name: 'built@2' },
            errorHandler: (error) => { throw error } })] })
        """)


def built(server: Server, folder: Path, plugin: str, release: str, build: str) -> None:
    """Runs a build in a folder with a script and the packages of npm."""
    modules = Path(os.environ.get("FRAMEWRIGHT_CLIENTS", "")) / "node_modules"
    if not (modules / plugin).exists():
        raise Failed(f"{plugin} is not in $FRAMEWRIGHT_CLIENTS")
    (folder / "node_modules").symlink_to(modules.resolve())
    (folder / "in.js").write_text(f"export function original() {{ throw new Error('{release}') }}\noriginal()\n")
    (folder / "build.mjs").write_text(build)
    before = server.requests(CHUNKS)
    done = run(["node", "build.mjs"], folder, SENTRY_URL=server.url, SENTRY_AUTH_TOKEN=server.token).ok()
    expect(server.requests(CHUNKS) > before, f"nothing was sent:\n{done.output}")
    cli(server, V3, "releases", "info", release).ok(release)


CHECKS = [
    account, debug_files, debug_files_v2, refused, side_files, il2cpp, proguard, source_maps, source_maps_of_a_release,
    releases, esbuild, vite, debug_files_resolve,
]
