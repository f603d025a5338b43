package framewright.client;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.uploads.Accepted;
import framewright.uploads.Identification;
import framewright.uploads.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What debug files there are and which of them belong together: a PDB takes the id of its program, whose age is another
 * one; line numbers of il2cpp and names of Dart, which name no program, go to those that lie beside them.
 */
final class Inventory {
    /** A file of this machine, as it is looked into. */
    private record Local(
            Path file, String name, long size, @Nullable DebugId debugId) implements Subject {}

    private final Identification identification;
    private final List<LocalFile> known = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    Inventory(Identification identification) {
        this.identification = identification;
    }

    /** What cannot be used, by what the server would say. */
    List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Looks into the files; scripts and maps are not looked at. */
    List<LocalFile> look(List<FoundFile> files) throws IOException, InterruptedException {
        for (FoundFile file : files) {
            if (file.look() == FileLook.OBJECT) {
                add(file, null);
            }
        }
        known.replaceAll(this::withAgeOfItsProgram);
        Set<DebugId> il2cpp = programs(Inventory::isOfIl2cpp);
        Set<DebugId> dart = programs(Inventory::isOfDart);
        for (FoundFile file : files) {
            if (file.look() == FileLook.IL2CPP) {
                addFor(file, il2cpp, "the library that il2cpp has made");
            } else if (file.look() == FileLook.DART_MAP) {
                addFor(file, dart, "libapp.so or the symbols of the Dart program");
            }
        }
        return List.copyOf(known);
    }

    private void addFor(FoundFile file, Set<DebugId> programs, String wanted) throws IOException, InterruptedException {
        if (identify(file, null) instanceof Found<Accepted>(Accepted accepted)) {
            known.add(new LocalFile(file, null, accepted.entries(), accepted.notes()));
        } else if (programs.isEmpty()) {
            leftOut.add(new LeftOut(
                    file.origin(), "nothing says which program it belongs to: name " + wanted + " together with it"));
        } else {
            for (DebugId program : programs) {
                add(file, program);
            }
        }
    }

    private void add(FoundFile file, @Nullable DebugId debugId) throws IOException, InterruptedException {
        switch (identify(file, debugId)) {
            case Found<Accepted>(Accepted accepted) ->
                known.add(new LocalFile(file, debugId, accepted.entries(), accepted.notes()));
            case Failed<Accepted>(Failure failure) -> leftOut.add(new LeftOut(file.origin(), reason(file, failure)));
        }
    }

    private Outcome<Accepted> identify(FoundFile file, @Nullable DebugId debugId)
            throws IOException, InterruptedException {
        try {
            return identification.identify(new Local(file.file(), file.keptName(), Files.size(file.file()), debugId));
        } catch (StorageFailure e) {
            throw new IOException(file.origin() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Without the name, which is shown before it. */
    private static String reason(FoundFile file, Failure failure) {
        String sentence = failure.describe();
        String start = file.keptName() + ": ";
        return sentence.startsWith(start) ? sentence.substring(start.length()) : sentence;
    }

    /** What asks for a PDB has its id from the program, and the age in the PDB may be a later one. */
    private LocalFile withAgeOfItsProgram(LocalFile file) {
        DebugFile.Entry entry = file.entries().getFirst();
        DebugId own = entry.debugId();
        if (entry.kind() != DebugFileKind.PDB || own == null) {
            return file;
        }
        return programs(program -> program.kind() == DebugFileKind.PE).stream()
                .filter(program -> program.uuid().equals(own.uuid()) && !program.equals(own))
                .findFirst()
                .map(file::takenFor)
                .orElse(file);
    }

    private Set<DebugId> programs(Predicate<DebugFile.Entry> wanted) {
        Set<DebugId> ids = new LinkedHashSet<>();
        known.stream()
                .flatMap(file -> file.entries().stream())
                .filter(wanted)
                .map(DebugFile.Entry::debugId)
                .filter(Objects::nonNull)
                .forEach(ids::add);
        return ids;
    }

    private static boolean isOfIl2cpp(DebugFile.Entry entry) {
        String name = entry.name().toLowerCase(Locale.ROOT);
        return name.startsWith("libil2cpp") || name.startsWith("gameassembly") || name.equals("unityframework");
    }

    private static boolean isOfDart(DebugFile.Entry entry) {
        String name = entry.name().toLowerCase(Locale.ROOT);
        return name.startsWith("libapp.so")
                || name.equals("app")
                || (name.startsWith("app.") && name.endsWith(".symbols"));
    }
}
