"""Real dumps, the files of their modules, and what the program minidump-stackwalk makes of them.

The program and Mozilla's dump_syms are crates: cargo install minidump-stackwalk; cargo install dump_syms --features cli.
They are looked for on PATH, as FRAMEWRIGHT_STACKWALK and FRAMEWRIGHT_DUMP_SYMS, and in /tmp/tools/bin.
"""

from __future__ import annotations

import ctypes
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "rust/target/release" / ("libframewright.dylib" if sys.platform == "darwin" else "libframewright.so")


def program(name: str, variable: str) -> Path | None:
    named = os.environ.get(variable) or shutil.which(name) or f"/tmp/tools/bin/{name}"
    return Path(named) if os.access(named, os.X_OK) else None


def stackwalk() -> Path | None:
    return program("minidump-stackwalk", "FRAMEWRIGHT_STACKWALK")


def version(command: Path) -> str:
    return subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def make_dumps(folder: Path) -> list[Path]:
    """Dumps of programs with debug information that crash on this machine; made once."""
    sources = ROOT / "rust/crash/dumps"
    done = folder / "done"
    if not done.exists():
        target = folder.parent / "dumper"
        print("making dumps ...", file=sys.stderr)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
        subprocess.run(["cargo", "build", "--locked", "-q", "--release", "--target-dir", target], cwd=sources, **quiet)
        environment = {**os.environ, "DEBUG": "1", "DUMPER": str(target / "release/framewright-dumps")}
        subprocess.run(["sh", sources / "make.sh", folder], env=environment, **quiet)
        done.touch()
    return sorted(folder.glob("*.dmp"))


class Module:
    """A module of a dump whose files are on this machine."""

    def __init__(self, code: Path, build_id: str, debug_id: str):
        self.code, self.build_id = code, build_id
        self.name = code.name
        self.breakpad_id = debug_id.replace("-", "").upper() + "0"
        separate = Path("/usr/lib/debug/.build-id", build_id[:2], build_id[2:] + ".debug")
        self.debug = separate if separate.exists() else None

    @staticmethod
    def of(row: dict) -> Module | None:
        """None for what is not there, or another build by now."""
        code, build_id = Path(row.get("code_file", "")), row.get("code_id", "")
        if not build_id or "debug_id" not in row or not code.is_file():
            return None
        notes = subprocess.run(["readelf", "-n", code], capture_output=True, text=True).stdout
        return Module(code, build_id, row["debug_id"]) if build_id in notes else None

    def link(self, store: Path):
        """Files of the module as a symbol server has them (native layout)."""
        place = store / self.build_id[:2] / self.build_id[2:]
        place.parent.mkdir(parents=True, exist_ok=True)
        for target, source in ((place, self.code), (place.with_name(place.name + ".debug"), self.debug or self.code)):
            if not target.exists():
                target.symlink_to(source)

    def symbol_file(self, folder: Path) -> Path:
        """Where minidump-stackwalk looks for it."""
        place = folder / self.name / self.breakpad_id
        place.mkdir(parents=True, exist_ok=True)
        return place / f"{self.name}.sym"

    def write_ours(self, folder: Path):
        out = (ctypes.c_int64 * 3)()
        texts = [os.fsencode(path) for path in (self.debug or self.code, self.code, self.name, self.symbol_file(folder))]
        arguments = [part for text in texts for part in (text, ctypes.c_size_t(len(text)))]
        library = ctypes.CDLL(str(LIBRARY))
        library.fw_breakpad_write(*arguments, ctypes.c_int64(1 << 33), ctypes.c_int32(128), out)
        reply = ctypes.string_at(out[1], out[2])
        if out[0]:
            raise SystemExit(f"no symbol file of {self.code}: {reply.decode()}")

    def write_theirs(self, dump_syms: Path, folder: Path):
        files = [self.code, self.debug] if self.debug else [self.code]
        command = [dump_syms, "--inlines", *files, "-o", self.symbol_file(folder)]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{command}: {done.stderr[-1000:]}")


def walk(command: Path, symbols: Path, dump: Path) -> dict:
    done = subprocess.run(
        [command, "--json", "--no-interactive", "--symbols-path", symbols, dump], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


class Frame:
    """A frame of either side; rows are its inlined calls and itself, callee first: function, file, line."""

    def __init__(self, instruction: int, module: str | None, trust: str, rows: list[tuple]):
        self.instruction, self.module, self.trust, self.rows = instruction, module, trust, rows

    def names(self) -> list[str]:
        return [plain(function) for function, _, _ in self.rows]

    def __str__(self):
        return f"{self.instruction:#x} {self.module} {self.trust} {self.rows}"


def plain(function: str) -> str:
    """A name without what is a matter of taste among demanglers: spaces, clones of a compiler, hashes of Rust."""
    function = re.sub(r"( ?\[clone[^\]]*\]|\.(cold|constprop|isra|part|llvm|lto_priv)(\.\d+)?)+$", "", function)
    return re.sub(r"::h[0-9a-f]{16}$", "", function).replace(" ", "")


# How the rival calls what we have another name for.
TRUSTS = {"frame_pointer": "fp", "cfi_scan": "cfiscan"}


def theirs_of(thread: dict) -> dict[int, Frame]:
    """By place on the stack."""
    frames = {}
    for frame in thread["frames"]:
        own = (frame["function"] or "", frame["file"] or "", frame["line"] or 0)
        inlined = [(row["function"], row["file"] or "", row["line"] or 0) for row in frame["inlines"] or []]
        named = [*inlined, own] if own[0] else []
        trust = TRUSTS.get(frame["trust"], frame["trust"])
        frames[frame["frame"]] = Frame(int(frame["offset"], 16), frame["module"], trust, named)
    return frames


def ours_of(thread: dict) -> dict[int, Frame]:
    """By place on the stack; some places are left out of answers."""
    frames: dict[int, Frame] = {}
    for row in thread["frames"]:
        index = row["original_index"]
        if index not in frames:
            # the rival tells where the call is; so do we of resolved frames, of others where it returns to
            returns = row["trust"] != "context" and row["status"] != "symbolicated"
            address = int(row["instruction_addr"], 16) - returns
            package = row.get("package")
            frames[index] = Frame(address, package and package.rsplit("/", 1)[-1], row["trust"], [])
        if row["status"] == "symbolicated":
            frames[index].rows.append((row.get("function", ""), row.get("abs_path", ""), row.get("lineno", 0)))
    return frames


class Comparison:
    """Frames of both sides, by how they differ."""

    def __init__(self):
        self.threads = self.frames = self.same = 0
        self.kinds: dict[str, int] = {}
        self.differences: list[str] = []

    def add(self, dump: str, ours: dict, theirs: dict):
        if len(ours["stacktraces"]) != len(theirs["threads"]):
            raise SystemExit(f"{dump}: {len(ours['stacktraces'])} threads, the rival has {len(theirs['threads'])}")
        for number, (own, other) in enumerate(zip(ours["stacktraces"], theirs["threads"])):
            self.threads += 1
            self.compare(f"{dump}, thread {number}", ours_of(own), theirs_of(other))

    def compare(self, place: str, ours: dict[int, Frame], theirs: dict[int, Frame]):
        if len(theirs) > MAX_FRAMES:
            self.note("threads of which we keep 256 frames", place, f"we keep {MAX_FRAMES} of {len(theirs)}")
        for index in range(min(MAX_FRAMES, max([*ours, *theirs], default=-1) + 1)):
            self.frames += 1
            kind = difference(ours.get(index), theirs.get(index))
            self.same += kind in SAME
            if kind:
                self.note(kind, f"{place}, frame {index}", f"ours {ours.get(index)}; theirs {theirs.get(index)}")

    def note(self, kind: str, place: str, text: str):
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.differences.append(f"{kind}: {place}: {text}")


# Of each thread we keep as many, as the peer does.
MAX_FRAMES = 256

LEFT_OUT = "scanned frames without a name that our answers leave out"
SUFFIXES = "same but for suffixes that compilers give names"
SAME = (None, SUFFIXES, LEFT_OUT)


def difference(ours: Frame | None, theirs: Frame | None) -> str | None:
    """What sort of difference there is; None for the same."""
    if ours is None and theirs.trust == "scan" and not theirs.rows:
        return LEFT_OUT
    if ours is None or theirs is None:
        return "frames that only they have" if ours is None else "frames that only we have"
    for field in ("instruction", "module", "trust"):
        if getattr(ours, field) != getattr(theirs, field):
            return f"another {field}"
    if ours.rows == theirs.rows:
        return None
    if not ours.rows or not theirs.rows:
        return "frames that only they name" if theirs.rows else "frames that only we name"
    if ours.names() != theirs.names():
        return "another function" if len(ours.rows) == len(theirs.rows) else "other inlined calls"
    return SUFFIXES if places(ours) == places(theirs) else "another file or line"


def places(frame: Frame) -> list[tuple]:
    return [(file and posixpath.normpath(file), line) for _, file, line in frame.rows]
