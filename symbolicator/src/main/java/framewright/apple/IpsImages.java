package framewright.apple;

import framewright.api.JsonIn;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The images of an {@code .ips} file, by the number that frames give. */
final class IpsImages {
    private final Kept kept;
    private final List<RawModule> all = new ArrayList<>();
    private @Nullable String arch;

    /** @param kept where images go that are somewhere: frames of none count from 0 */
    IpsImages(Kept kept) {
        this.kept = kept;
    }

    /** {@code [{"base":4096,"size":16,"uuid":"...","path":"...","name":"...","arch":"arm64","source":"P"}, ...]} */
    void read(JsonIn in) throws IOException {
        if (!in.array()) {
            return;
        }
        while (in.nextElement()) {
            add(image(in));
        }
    }

    private RawModule image(JsonIn in) throws IOException {
        long base = 0;
        long size = 0;
        String uuid = "";
        String path = null;
        String name = "";
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "base" -> base = IpsNumber.of(in);
                case "size" -> size = IpsNumber.of(in);
                case "uuid" -> uuid = Objects.requireNonNullElse(in.scalar(), "");
                case "path" -> path = in.scalar();
                case "name" -> name = Objects.requireNonNullElse(in.scalar(), "");
                case "arch" -> {
                    String text = in.scalar();
                    arch = arch == null && text != null && Images.isArch(text) ? text : arch;
                }
                default -> in.skip();
            }
        }
        return Images.module(uuid, path == null ? name : path, base, size);
    }

    /** The next image. */
    void add(RawModule image) {
        all.add(image);
        if (image.imageAddr() != 0) {
            kept.add(image);
        }
    }

    /** Of the first image that tells it. */
    @Nullable
    String arch() {
        return arch;
    }

    /** Turns the frames' offsets into addresses; of an image that is not there into offsets from 0. */
    void locate(List<AppleThread> threads) {
        for (AppleThread thread : threads) {
            for (RawFrame frame : thread.frames) {
                if (frame.relativeTo >= 0 && frame.relativeTo < all.size()) {
                    RawModule image = all.get((int) frame.relativeTo);
                    frame.instructionAddr += image.imageAddr();
                    frame.packageName = image.codeFile();
                }
                frame.relativeTo = RawFrame.ABSOLUTE;
            }
        }
    }
}
