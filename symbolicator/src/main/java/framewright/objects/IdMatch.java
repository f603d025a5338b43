package framewright.objects;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file is the one that a module asked for. A source that answers with another build's file would resolve
 * frames to wrong lines, which is worse than none.
 *
 * <p>One id that agrees is enough: a PE file is asked for by its code id and may name the PDB of another link, and an
 * ELF file's debug id is made of its build id by whoever read it. Of debug ids the UUID counts: a PDB's age grows with
 * every write of it, and a portable PDB keeps a time stamp there. Ids that either side lacks prove nothing. Nor do those
 * of JVM files: a source bundle goes by the id under which it was uploaded, and the one inside is often another.
 */
final class IdMatch {
    private IdMatch() {}

    /** Why the file is not the one; null where it is, or where nothing says that it is not. */
    static @Nullable String mismatch(ObjectMeta file, ObjectId wanted) {
        if (wanted.type() == ObjectType.JVM) {
            return null;
        }
        DebugId debugId = wanted.debugId();
        DebugId fileDebugId = file.debugId();
        CodeId codeId = wanted.codeId();
        CodeId fileCodeId = file.codeId();
        String mismatch = null;
        if (codeId != null && fileCodeId != null) {
            if (codeId.equals(fileCodeId)) {
                return null;
            }
            mismatch = text(fileCodeId, codeId);
        }
        if (debugId != null && fileDebugId != null) {
            return debugId.uuid().equals(fileDebugId.uuid()) ? null : text(fileDebugId, debugId);
        }
        return mismatch;
    }

    private static String text(Object file, Object wanted) {
        return "wrong id: file is " + file + ", wanted " + wanted;
    }
}
