package framewright.nativecode;

import framewright.api.FrameStatus;
import framewright.api.RawFrame;
import framewright.api.SymbolFrame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a module's debug file says of the frames that point into it. */
sealed interface ModuleAnswer {
    /** @param status of all frames of the module */
    record Unavailable(FrameStatus status) implements ModuleAnswer {}

    /** Functions by address. */
    final class Symbols implements ModuleAnswer {
        private static final SymbolFrame[] NOTHING = {};

        private final long[] addresses;
        private final SymbolFrame[][] groups;

        /**
         * @param addresses ascending, relative to the image
         * @param groups the functions at each, innermost first; none where nothing is known
         */
        Symbols(long[] addresses, SymbolFrame[][] groups) {
            this.addresses = addresses;
            this.groups = groups;
        }

        /** The functions at each address. */
        SymbolFrame[][] groups() {
            return groups;
        }

        SymbolFrame[] at(long address) {
            int position = Arrays.binarySearch(addresses, address);
            return position < 0 ? NOTHING : groups[position];
        }
    }

    /** .NET: frames keep the names they came with and gain a place in the source. */
    final class Places implements ModuleAnswer {
        private final int[] frames;
        private final @Nullable RawFrame[] completed;

        /**
         * @param frames numbers of the module's frames, ascending
         * @param completed in the same order; null where nothing is known
         */
        Places(int[] frames, @Nullable RawFrame[] completed) {
            this.frames = frames;
            this.completed = completed;
        }

        @Nullable
        RawFrame of(int frame) {
            int position = Arrays.binarySearch(frames, frame);
            return position < 0 ? null : completed[position];
        }
    }
}
