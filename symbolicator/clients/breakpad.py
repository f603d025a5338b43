"""minidump-stackwalk of rust-minidump, unmodified: it asks for .sym files, which are made of what was uploaded."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from debuginfod import upload
from drive import ROOT, Server, expect, program, run

FIXTURES = ROOT / "rust/crash/tests/fixtures"


def stackwalk(server: Server, folder: Path) -> None:
    """A dump of a program that was uploaded as its linker made it."""
    upload(server, FIXTURES / "crash-c.elf")
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        walked = run([
            program("minidump-stackwalk"), "--json", "--symbols-url", server.url, "--symbols-cache", cache,
            "--symbols-tmp", cache, FIXTURES / "c-recursion.dmp"])
    expect(walked.code == 0, walked.output)
    report = json.loads(walked.output[walked.output.index("{"):])
    loaded = [module for module in report["modules"] if module.get("loaded_symbols")]
    expect(loaded, f"no module has symbols: {[module['filename'] for module in report['modules']]}")
    trusts = [frame["trust"] for frame in report["crashing_thread"]["frames"]]
    expect("cfi" in trusts, f"no frame was found by the rules of a .sym file: {trusts}")


CHECKS = [stackwalk]
