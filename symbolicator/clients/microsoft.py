"""What debuggers of Microsoft ask of a symbol server. None of them runs here: their requests are made as they make them."""

from __future__ import annotations

from pathlib import Path

from debuginfod import upload
from drive import ROOT, Server, expect

FIXTURES = ROOT / "rust/core/tests/fixtures"
DIFS = "/api/0/projects/default/default/files/dsyms/"


def ids(server: Server, name: str) -> dict:
    upload(server, FIXTURES / name)
    rows = server.json("GET", f"{DIFS}?query={name}")
    expect(len(rows) == 1, f"one file was uploaded, not {rows}")
    return rows[0]


def get(server: Server, path: str) -> tuple[int, bytes]:
    return server.request("GET", path, **{"User-Agent": "Microsoft-Symbol-Server/10.1710.0.0"})


def symsrv(server: Server, folder: Path) -> None:
    """WinDbg's order: the file, its packed form, the pointer; the first that is there is taken."""
    del folder
    pdb = ids(server, "pdb-x64.pdb")
    uuid, _, age = pdb["debugId"].upper().replace("-", "", 4).partition("-")
    pe = ids(server, "pe-x64.dll")
    for name, key in (("pdb-x64.pdb", uuid + (age or "0")), ("pe-x64.dll", pe["codeId"].upper())):
        status, content = get(server, f"/{name}/{key}/{name}")
        expect(status == 200 and content == (FIXTURES / name).read_bytes(), f"{name} is answered with {status}")
        for miss in (f"{name}/{key}/{name[:-1]}_", f"{name}/{key}/file.ptr", f"{name}/{'0' * 33}/{name}"):
            status, content = get(server, f"/{miss}")
            expect((status, content) == (404, b""), f"{miss} is answered with {status}: {content[:200]!r}")
    expect(get(server, "/pingme.txt")[0] == 200, "there is no pingme.txt")
    expect(get(server, "/index2.txt")[0] == 404, "index2.txt would mean a store of two tiers")


def ssqp(server: Server, folder: Path) -> None:
    """Keys of dotnet-symbol are in lower case."""
    del folder
    elf = ids(server, "elf-dwarf5.so")["codeId"]
    macho = ids(server, "macho-x86_64.dylib")["codeId"]
    for name, path in (
            ("elf-dwarf5.so", f"elf-dwarf5.so/elf-buildid-{elf}/elf-dwarf5.so"),
            ("elf-dwarf5.so", f"_.debug/elf-buildid-sym-{elf}/_.debug"),
            ("macho-x86_64.dylib", f"lib.dylib/mach-uuid-{macho}/lib.dylib")):
        status, content = get(server, f"/{path}")
        expect(status == 200 and content == (FIXTURES / name).read_bytes(), f"{path} is answered with {status}")


CHECKS = [symsrv, ssqp]
