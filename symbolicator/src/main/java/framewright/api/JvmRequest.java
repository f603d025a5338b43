package framewright.api;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /symbolicate-jvm}. Lenient as {@link SymbolicateRequest}.
 *
 * @param sources where to look; null: where the server looks by default; empty: nowhere
 * @param exceptions what was thrown, besides that of the stacks
 * @param stacks stack traces as text, ours alone: what a program has printed
 * @param modules mappings and source bundles, the preferred ones first
 * @param releasePackage frames of which are the app's own
 * @param release of the app, ours alone: {@code package@version+code}, as its mapping was registered for; what the
 *     package and the code are may be left out
 * @param classes names to restore
 */
public record JvmRequest(
        @Nullable List<SourceConfig> sources,
        List<JvmException> exceptions,
        List<Stacktrace> stacktraces,
        List<String> stacks,
        List<Module> modules,
        @Nullable String releasePackage,
        @Nullable String release,
        List<String> classes,
        Options options) {

    /** @param frames in the order that the options say */
    public record Stacktrace(@Nullable JvmException exception, List<JvmFrame> frames) {}

    /** What a module is of use for; the order of names in requests. */
    public enum ModuleType {
        PROGUARD,
        SOURCE
    }

    /**
     * @param uuid as answers repeat it
     * @param debugId null for the nil uuid, which no file has
     * @param mapId what R8 calls the mapping; null where the uuid names it
     */
    public record Module(
            ModuleType type,
            String uuid,
            @Nullable DebugId debugId,
            @Nullable CodeId mapId) {
        public Module(ModuleType type, String uuid, @Nullable DebugId debugId) {
            this(type, uuid, debugId, null);
        }

        /** The mapping that R8 calls so. */
        public static Module ofMapId(CodeId mapId) {
            return new Module(ModuleType.PROGUARD, mapId.hex(), null, mapId);
        }

        /** As sources are asked for it. */
        public ObjectId objectId() {
            return new ObjectId(ObjectType.JVM, mapId, null, debugId, null, null);
        }
    }

    /**
     * @param applySourceContext whether the source lines around each frame are wanted
     * @param frameOrder of the request and the answer
     * @param causes whether modules and candidates tell why they are as they are; ours alone
     */
    public record Options(boolean applySourceContext, FrameOrder frameOrder, boolean causes) {
        public static final Options DEFAULT = new Options(true, FrameOrder.CALLER_FIRST, false);
    }

    /**
     * Reads a body to its end.
     *
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     * @throws java.io.UncheckedIOException where the stream fails
     */
    public static JvmRequest read(InputStream body) {
        return JvmRequestReader.read(body);
    }

    /** The release with its package; null where one of them is not known. */
    public @Nullable String fullRelease() {
        if (release == null || release.isEmpty()) {
            return null;
        }
        if (release.indexOf('@') >= 0) {
            return release;
        }
        return releasePackage == null || releasePackage.isEmpty() ? null : releasePackage + "@" + release;
    }

    /** The same request with other modules. */
    public JvmRequest withModules(List<Module> others) {
        return new JvmRequest(
                sources, exceptions, stacktraces, stacks, others, releasePackage, release, classes, options);
    }

    /** The same request, looking elsewhere. */
    public JvmRequest withSources(List<SourceConfig> where) {
        return new JvmRequest(
                where, exceptions, stacktraces, stacks, modules, releasePackage, release, classes, options);
    }
}
