package framewright.nativebridge;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Every native signature, in the order of {@code rust/ffi/src/lib.rs}. Strings travel as UTF-8 bytes with their
 * length; {@code out} receives status, pointer and length.
 */
final class Signatures {
    /** The agreement this class was written for; must equal {@code fw_abi()}. */
    static final int ABI = 5;

    /** Kept for the life of the class: without a strong reference the library may be unloaded under its callers. */
    private static final NativeLibrary LIBRARY;

    static {
        // or JNA starts a program to learn where the system has libraries, of which we want none
        System.setProperty("jna.platform.library.path", "");
        LIBRARY = NativeLibrary.getInstance(
                "framewright", Map.of(Library.OPTION_CLASSLOADER, Signatures.class.getClassLoader()));
        Native.register(Signatures.class, LIBRARY);
        int found = fw_abi();
        if (found != ABI) {
            throw new NativeException(
                    NativeStatus.INVALID_ARGUMENT,
                    "libframewright has ABI " + found + ", this jar wants " + ABI + "; rebuild with ./framewright");
        }
    }

    private Signatures() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static native int fw_abi();

    static native void fw_free(long pointer, long length);

    static native void fw_give_back(long pointer, long length, long room);

    static native int fw_close(long handle);

    static native void fw_counters(long[] out);

    static native void fw_step_back();

    static native void fw_inspect(byte[] path, long pathLength, byte[] wanted, long wantedLength, long[] out);

    static native void fw_elf_section(byte[] path, long pathLength, byte[] name, long nameLength, long[] out);

    static native void fw_embedded_ppdb(
            byte[] path, long pathLength, byte[] to, long toLength, long maxBytes, long[] out);

    static native void fw_source_bundle(
            byte[] path, long pathLength, byte[] to, long toLength, long maxBytes, long[] out);

    static native void fw_decompress(byte[] path, long pathLength, byte[] to, long toLength, long maxBytes, long[] out);

    static native void fw_table_build(
            byte[] object,
            long objectLength,
            byte[] options,
            long optionsLength,
            byte[] to,
            long toLength,
            long maxBytes,
            long[] out);

    static native void fw_table_open(byte[] path, long pathLength, long[] out);

    static native void fw_table_lookup(long handle, long[] addresses, long count, long[] out);

    static native void fw_lazy_open(byte[] object, long objectLength, byte[] options, long optionsLength, long[] out);

    static native void fw_lazy_lookup(long handle, long[] addresses, long count, int threads, long[] out);

    static native void fw_ppdb_build(byte[] path, long pathLength, byte[] to, long toLength, long maxBytes, long[] out);

    static native void fw_ppdb_open(byte[] path, long pathLength, long[] out);

    static native void fw_ppdb_lookup(long handle, long[] pairs, long pairCount, long[] out);

    static native void fw_unwind_build(
            byte[] object, long objectLength, byte[] to, long toLength, long maxBytes, int maxChain, long[] out);

    static native void fw_breakpad_write(
            byte[] object,
            long objectLength,
            byte[] unwind,
            long unwindLength,
            byte[] name,
            long nameLength,
            byte[] to,
            long toLength,
            long maxBytes,
            int maxChain,
            long[] out);

    static native void fw_sources_open(byte[] path, long pathLength, long[] out);

    static native void fw_source_get(long handle, byte[] path, long pathLength, long[] out);

    static native void fw_proguard_build(
            byte[] path, long pathLength, byte[] to, long toLength, long maxBytes, long[] out);

    static native void fw_proguard_open(byte[] path, long pathLength, long[] out);

    static native void fw_proguard_remap(long[] handles, long count, long request, long requestLength, long[] out);

    static native void fw_demangle(byte[] names, long namesLength, long[] out);

    static native void fw_js_scopes(byte[] script, long scriptLength, long[] out);
}
