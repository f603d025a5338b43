/**
 * The one way to the Rust library ({@code rust/ffi}), over JNA direct mapping.
 *
 * <p><b>Batches.</b> One call per module and request, never per frame. Inputs are UTF-8 {@code byte[]},
 * {@code long[]} and numbers; the answer comes through a {@code long[3]} of status, pointer and length. The
 * buffer belongs to Rust; {@link framewright.nativebridge.Reply} copies it once and gives it back.
 *
 * <p><b>Failures.</b> What the outside world can cause (a malformed file, an unsupported format, a bound that was
 * reached) is a {@link framewright.nativebridge.NativeResult.Failed} with a stable code. What only a bug can cause
 * (a panic, a stale handle, a wrong argument) is thrown as {@link framewright.nativebridge.NativeException}; a
 * panic never ends the process.
 *
 * <p><b>Ownership.</b> Opened tables are immutable on the native side and named by a slot and a generation, so that
 * closing one while another thread asks it is safe. {@link framewright.nativebridge.NativeHandle} closes; a cleaner
 * closes what was forgotten.
 *
 * <p><b>Threads.</b> A native call holds its carrier thread. Work that can take milliseconds (inspect, convert, the
 * first lookup in an unconverted file, decompress) runs on {@link framewright.nativebridge.NativePool}; a lookup in
 * a table takes microseconds and may be made from a virtual thread.
 *
 * <p>First file to read: {@link framewright.nativebridge.Signatures}.
 */
@NullMarked
package framewright.nativebridge;

import org.jspecify.annotations.NullMarked;
