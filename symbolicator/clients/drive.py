#!/usr/bin/env python3
"""Drives the real clients of the symbol store against a fresh server.

    symbolicator/clients/drive.py                     every check of every family
    symbolicator/clients/drive.py sentry_cli          one family
    symbolicator/clients/drive.py sentry_cli.proguard one check

A family is a Python file beside this one; its checks are the functions listed in its CHECKS. Each takes a Server and
raises Failed with what was seen. The first check that fails ends the run with 1. Clients are found on PATH and in
$FRAMEWRIGHT_CLIENTS, a folder with node_modules; `drive.py --install FOLDER` makes one with npm.
"""

from __future__ import annotations

import argparse
import http.client
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FAMILIES = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "drive")
NPM_PACKAGES = [
    "@sentry/cli@3.8.0",
    "sentry-cli-2@npm:@sentry/cli@2.58.6",
    "@sentry/esbuild-plugin@5.4.0",
    "esbuild@0.28.2",
    "@sentry/vite-plugin@5.4.0",
    "vite@8.3.8",
]
START_SECONDS = 60
CLIENT_SECONDS = 300


class Failed(Exception):
    """A check saw something else than it should have."""


def expect(condition, seen) -> None:
    if not condition:
        raise Failed(seen)


class Client:
    """What a program has done."""

    def __init__(self, code: int, output: str, command: list):
        self.code, self.output, self.command = code, output, command

    def ok(self, *texts: str) -> Client:
        return self.ended(0, *texts)

    def ended(self, code: int, *texts: str) -> Client:
        seen = f"{' '.join(map(str, self.command))}\n  ended with {self.code}:\n{self.output}"
        expect(self.code == code, f"{seen}\n  expected the exit code {code}")
        for text in texts:
            expect(text in self.output, f"{seen}\n  expected in it: {text}")
        return self


def run(command, folder: Path | None = None, **environment: str) -> Client:
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=os.environ | environment, text=True, timeout=CLIENT_SECONDS,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return Client(done.returncode, done.stdout, list(command))


def program(*names: str) -> Path:
    """A client by its name, or by its path below the folder of clients."""
    for name in names:
        folder = os.environ.get("FRAMEWRIGHT_CLIENTS")
        if folder and (Path(folder) / name).exists():
            return (Path(folder) / name).resolve()
        if found := shutil.which(name):
            return Path(found)
    raise Failed(f"none of {', '.join(names)} is on PATH or in $FRAMEWRIGHT_CLIENTS")


class Server:
    """A server with an empty store, on a port of its own."""

    def __init__(self, work: Path):
        self.store = work / "store"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        settings = work / "framewright.yml"
        settings.write_text(
            f"bind: 127.0.0.1:{self.port}\ncache_dir: {work / 'cache'}\nstore:\n  dir: {self.store}\n"
            "sources:\n  - id: store\n    type: store\n")
        self.log = work / "server.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [ROOT / "framewright", "serve", "-c", settings], stdout=log, stderr=subprocess.STDOUT)

    def __enter__(self) -> Server:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.get("/healthcheck") == "ok":
                    self.token = (self.store / "first-token").read_text().strip()
                    return self
            except OSError:
                time.sleep(0.05)
        self.close()
        raise Failed(f"the server did not start:\n{self.log.read_text()}")

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {getattr(self, 'token', '')}"} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> str:
        return self.request("GET", path)[1].decode()

    def json(self, method: str, path: str, body=None):
        status, answer = self.request(
            method, path, None if body is None else json.dumps(body).encode(), **{"Content-Type": "application/json"})
        expect(status < 300, f"{method} {path} was answered with {status}: {answer.decode()}")
        return json.loads(answer)

    def requests(self, route: str) -> int:
        """How many requests of a route were answered with 200."""
        name = f'framewright_http_requests_total{{route="{route}",status="200"}}'
        return sum(int(float(line.rsplit(" ", 1)[1])) for line in self.get("/metrics").splitlines()
                   if line.startswith(name))


def install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *NPM_PACKAGES]).ok()


def checks(names: list[str]):
    for family in FAMILIES:
        wanted = [name.partition(".")[2] for name in names if name.partition(".")[0] == family]
        if names and not wanted:
            continue
        for check in importlib.import_module(family).CHECKS:
            if not wanted or "" in wanted or check.__name__ in wanted:
                yield f"{family}.{check.__name__}", check


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="*", help="FAMILY or FAMILY.CHECK; default: all")
    parser.add_argument("--install", metavar="FOLDER", type=Path, help="install the clients that npm has, and end")
    options = parser.parse_args()
    if options.install:
        install(options.install)
        return 0
    sys.path.insert(0, str(HERE))
    with tempfile.TemporaryDirectory() as work, Server(Path(work)) as server:
        passed = 0
        for name, check in checks(options.checks):
            started = time.monotonic()
            folder = Path(work) / name
            folder.mkdir()
            try:
                check(server, folder)
            except Exception as failure:
                seen = failure if isinstance(failure, Failed) else traceback.format_exc()
                print(f"FAILED {name}\n{seen}\n--- server log\n{server.log.read_text()[-4000:]}")
                return 1
            passed += 1
            print(f"passed {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if not passed:
        print(f"there is no such check; families: {', '.join(FAMILIES)}")
        return 1
    print(f"clients: {passed} passed")
    return 0


if __name__ == "__main__":
    # checks import this file by its name, and must see the same classes
    sys.modules["drive"] = sys.modules["__main__"]
    sys.exit(main())
