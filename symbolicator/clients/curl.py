"""curl with files and archives, Breakpad's and Tecken's clients as their requests are written down, and our own CLI."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from pathlib import Path

from drive import ROOT, Client, Server, expect, program, run

FIXTURES = ROOT / "rust/core/tests/fixtures"
SYM = FIXTURES / "breakpad.sym"
SYM_ID = "492E2DD23CC306CA9C494EEF1533A3810"


def curl(server: Server, path: str, *arguments) -> tuple[int, str]:
    done = run([program("curl"), "-sS", "-w", "\n%{http_code}", *arguments, server.url + path]).ok()
    body, _, status = done.output.rpartition("\n")
    return int(status), body


def put(server: Server, file: Path, name: str = "") -> tuple[int, dict]:
    status, body = curl(
        server, f"/upload/default/default/{name}", "-H", f"Authorization: Bearer {server.token}", "-T", file)
    return status, json.loads(body)


def cli(server: Server, *arguments) -> Client:
    return run([ROOT / "framewright", *arguments], FRAMEWRIGHT_URL=server.url, FRAMEWRIGHT_TOKEN=server.token)


def plain_files(server: Server, folder: Path) -> None:
    status, answer = put(server, FIXTURES / "elf-dwarf5.so")
    expect(status == 201 and answer["accepted"][0]["entries"][0]["kind"] == "elf", (status, answer))
    status, answer = put(server, FIXTURES / "README.md")
    expect(status == 422 and "known format" in answer["detail"], (status, answer))
    status, body = curl(server, "/upload/default/default/", "-T", SYM)
    expect(status == 401 and "token" in body, (status, body))


def archives(server: Server, folder: Path) -> None:
    packed = folder / "all.tar.zst"
    run(["tar", "--zstd", "-cf", packed, "-C", FIXTURES, "elf-aarch64.so", "wasm.wasm", "README.md"]).ok()
    status, answer = put(server, packed)
    kinds = [file["entries"][0]["kind"] for file in answer["accepted"]]
    expect((status, answer["status"], kinds) == (200, "partial", ["elf", "wasm"]), (status, answer))
    hostile = folder / "hostile.tar.gz"
    with tarfile.open(hostile, "w:gz") as tar:
        for name, kind in [("../evil.so", tarfile.REGTYPE), ("/etc/evil.so", tarfile.REGTYPE), ("to", tarfile.SYMTYPE)]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, "/etc/passwd", 0
            tar.addfile(member, io.BytesIO())
    status, answer = put(server, hostile)
    expect(status == 422 and len(answer["refused"]) == 3, (status, answer))


def breakpad(server: Server, folder: Path) -> None:
    """sym_upload -p sym-upload-v2, then without it; the client looks for a blank after each colon."""
    key = f"key={server.token}"
    status, body = curl(server, f"/v1/symbols/app/{SYM_ID}:checkStatus?{key}")
    expect(re.search(r'"status": "(\w+)"', body), body)
    status, body = curl(server, f"/v1/uploads:create?{key}", "-X", "POST", "-H", "Content-Length: 0")
    url = re.search(r'"uploadUrl": "([^"]+)"', body)
    upload = re.search(r'"uploadKey": "([^"]+)"', body)
    expect(status == 200 and url and upload and url[1].startswith(server.url), body)
    status, body = curl(
        server, url[1].removeprefix(server.url), "-T", SYM, "-H", "Transfer-Encoding: chunked", "-H", "Content-Type:")
    expect(status == 200, (status, body))
    data = '{ symbol_id: {debug_file: "app", debug_id: "%s" }, symbol_upload_type: "BREAKPAD" }' % SYM_ID
    status, body = curl(
        server, f"/v1/uploads/{upload[1]}:complete?{key}", "-H", "Content-Type: application/son", "-d", data)
    expect(status == 200 and '"result": "OK"' in body, (status, body))
    status, body = curl(server, f"/v1/symbols/app/{SYM_ID}:checkStatus?{key}")
    expect('"status": "FOUND"' in body, body)
    status, body = curl(server, f"/upload-v1?{key}", "-F", "cpu=x86_64", "-F", "os=Linux", "-F", f"symbol_file=@{SYM}")
    expect(status == 200, (status, body))


def tecken(server: Server, folder: Path) -> None:
    symbols = folder / "x.zip"
    with zipfile.ZipFile(symbols, "w") as archive:
        archive.write(SYM, f"app/{SYM_ID}/app.sym")
        archive.writestr("app-symbols.txt", "a list")
    status, body = curl(server, "/upload/", "-H", f"Auth-Token: {server.token}-label", "-F", f"x.zip=@{symbols}")
    expect(status == 201 and json.loads(body)["upload"]["filename"] == "x.zip", (status, body))
    status, body = curl(server, "/upload/", "-F", f"x.zip=@{symbols}")
    expect(status == 403 and "error" in json.loads(body), (status, body))


def own_cli(server: Server, folder: Path) -> None:
    cli(server, "upload", FIXTURES / "lazy", "--wait").ok("0 refused, 0 left out")
    cli(server, "upload", FIXTURES / "lazy").ok("0 sent, ", "there already")
    (folder / "app.js").write_text("throw 1\n//# sourceMappingURL=app.js.map\n")
    (folder / "app.js.map").write_text('{"version":3,"sources":["a.ts"],"mappings":"AAAA"}')
    cli(server, "upload", folder).ended(1, "2 left out")
    cli(server, "upload", folder, "--release", "web@1", "--wait").ok("1 sent")
    cli(server, "ls", "gcc5").ok("gcc5.elf")
    cli(server, "check", FIXTURES / "elf-stripped.so").ended(1, "resolves nothing")


CHECKS = [plain_files, archives, breakpad, tecken, own_cli]
