package framewright.store;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object that is here: a file, or one of those in a fat file.
 *
 * @param id its key
 * @param project key of the project that it was sent to
 * @param sha1 of the file, by which clients name it
 * @param size of the file in bytes
 * @param entry what it is
 * @param used when it was last looked up
 */
public record DebugFile(
        long id, long project, Digest digest, String sha1, long size, Entry entry, Instant created, Instant used) {
    /**
     * What it is.
     *
     * @param kind as lists of Sentry's name it: {@code elf}, {@code macho}, {@code pe}, {@code pdb}, {@code portablepdb},
     *     {@code wasm}, {@code breakpad}, {@code sourcebundle}, {@code uuidmap}, {@code bcsymbolmap}, {@code il2cpp},
     *     {@code proguard}, {@code dartsymbolmap}
     * @param objectKind {@code exe}, {@code lib}, {@code dbg}, {@code rel}, {@code dump}, {@code src}, {@code other} or
     *     {@code none}
     * @param name as the sender calls it
     * @param arch {@code any} where it has none
     * @param features {@code debug}, {@code symtab}, {@code unwind}, {@code sources}; {@code split} where the debug
     *     information is in files of its own, which are not here
     */
    public record Entry(
            String kind,
            String objectKind,
            String name,
            @Nullable DebugId debugId,
            @Nullable CodeId codeId,
            String arch,
            Set<String> features) {
        public Entry {
            features = Set.copyOf(features);
        }

        /** The type of the modules that it is asked for; {@link ObjectType#UNKNOWN}: it is not asked for addresses. */
        public ObjectType type() {
            return switch (kind) {
                case "elf", "breakpad" -> ObjectType.ELF;
                case "macho" -> ObjectType.MACHO;
                case "pe", "pdb" -> ObjectType.PE;
                case "portablepdb" -> ObjectType.PE_DOTNET;
                case "wasm" -> ObjectType.WASM;
                default -> ObjectType.UNKNOWN;
            };
        }
    }
}
