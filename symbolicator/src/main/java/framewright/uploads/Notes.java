package framewright.uploads;

import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a sender should know of an object that is kept: what it cannot do, and what to send for that. */
public final class Notes {
    private Notes() {}

    /** Objects that are asked about native addresses. */
    private static final Set<DebugFileKind> NATIVE = EnumSet.of(
            DebugFileKind.ELF,
            DebugFileKind.MACHO,
            DebugFileKind.PE,
            DebugFileKind.PDB,
            DebugFileKind.WASM,
            DebugFileKind.BREAKPAD);

    /** A sentence each; none where nothing is missing. */
    public static List<String> of(DebugFile.Entry entry) {
        if (!NATIVE.contains(entry.kind())) {
            return List.of();
        }
        Set<String> features = entry.features();
        List<String> notes = new ArrayList<>();
        if (features.contains("split")) {
            notes.add(name(entry)
                    + "its debug information lies in .dwo files, which resolve nothing by themselves: functions"
                    + " get names, but no files and lines; build without -gsplit-dwarf");
        } else if (!features.contains("debug") && !features.contains("symtab")) {
            notes.add(name(entry) + "stripped: it names no function; "
                    + (entry.kind() == DebugFileKind.PE
                            ? "send the .pdb that was made with it, too"
                            : "send the unstripped file or its debug companion, too"));
        } else if (!features.contains("debug")) {
            notes.add(name(entry) + "no debug information: functions get names, but no files and lines; build with -g");
        }
        if (!features.contains("unwind") && entry.kind() != DebugFileKind.WASM) {
            notes.add(name(entry) + "no unwind information: " + whereUnwindIs(entry));
        }
        return notes;
    }

    private static String whereUnwindIs(DebugFile.Entry entry) {
        return switch (entry.kind()) {
            case PDB -> "to walk minidumps, send the program (.exe, .dll), too";
            case BREAKPAD ->
                "stacks of minidumps are guessed; dump the symbols from the program itself, not its companion";
            default ->
                entry.objectKind().equals("dbg")
                        ? "to walk minidumps, send the program that it is the companion of, too"
                        : "stacks of minidumps are guessed where they go through it";
        };
    }

    private static String name(DebugFile.Entry entry) {
        return entry.name() + " (" + entry.arch() + "): ";
    }
}
