package framewright;

import framewright.api.Answer;
import framewright.api.FrameOrder;
import framewright.api.JsFrame;
import framewright.api.JsOptions;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.RawModule;
import framewright.api.Scraping;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateRequest;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.store.StoreViews;
import framewright.warming.WarmFile;
import framewright.warming.Warmer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks about one address, class or line of a file, with the files that a project sees. */
final class CacheWarmer implements Warmer {
    /** Where an id may be of any: the order in which most crashes come. */
    private static final List<ObjectType> ANY =
            List.of(ObjectType.MACHO, ObjectType.ELF, ObjectType.PE, ObjectType.PE_DOTNET, ObjectType.WASM);

    private final Asking<SymbolicateRequest> modules;
    private final Asking<JvmRequest> mappings;
    private final Asking<JsRequest> scripts;
    private final StoreViews views;
    private final Listing listing;
    private final List<SourceConfig> ownSources;

    /** Answers requests of one form; what is asked here counts as nobody's use. */
    @FunctionalInterface
    interface Asking<R> {
        Answer ask(R request, @Nullable String scope) throws InterruptedException;
    }

    /** What is new at a source, the newest first. */
    @FunctionalInterface
    interface Listing {
        List<Fresh> newest(SourceConfig source, int most) throws InterruptedException;
    }

    CacheWarmer(
            Asking<SymbolicateRequest> modules,
            Asking<JvmRequest> mappings,
            Asking<JsRequest> scripts,
            StoreViews views,
            Listing listing,
            List<SourceConfig> ownSources) {
        this.modules = modules;
        this.mappings = mappings;
        this.scripts = scripts;
        this.views = views;
        this.listing = listing;
        this.ownSources = ownSources;
    }

    @Override
    public boolean warm(WarmFile file, String project) throws InterruptedException {
        int slash = project.indexOf('/');
        List<SourceConfig> sources = slash < 0
                ? views.ofSettings(ownSources, null)
                : views.ofProject(ownSources, project.substring(0, slash), project.substring(slash + 1), true);
        String scope = slash < 0 ? null : project;
        return switch (file) {
            case WarmFile.Module module
            when module.type() == ObjectType.UNKNOWN -> {
                for (ObjectType type : ANY) {
                    if (module(module, type, sources, scope)) {
                        yield true;
                    }
                }
                yield false;
            }
            case WarmFile.Module module -> module(module, module.type(), sources, scope);
            case WarmFile.Mapping(DebugId uuid) -> isWhole(mappings.ask(mapping(uuid, sources), scope));
            case WarmFile.Script script -> isWhole(scripts.ask(script(script, sources), scope));
        };
    }

    @Override
    public List<Fresh> newest(int most) throws InterruptedException {
        List<Fresh> fresh = new ArrayList<>();
        for (SourceConfig source : ownSources) {
            fresh.addAll(listing.newest(source, most));
        }
        return fresh;
    }

    /** A module that a source has a file of. */
    static Fresh fresh(ObjectId id, Instant since) {
        DebugId debugId = id.debugId();
        WarmFile file = id.type() == ObjectType.JVM && debugId != null
                ? new WarmFile.Mapping(debugId)
                : new WarmFile.Module(id.type(), debugId, id.codeId(), id.codeFile(), id.debugFile());
        return new Fresh(file, since);
    }

    private boolean module(WarmFile.Module wanted, ObjectType type, List<SourceConfig> sources, @Nullable String scope)
            throws InterruptedException {
        DebugId debugId = wanted.debugId();
        CodeId codeId = wanted.codeId();
        RawModule module = new RawModule(
                type,
                codeId,
                wanted.codeFile(),
                debugId,
                wanted.debugFile(),
                null,
                SymbolicateRequest.PROBED_ADDRESS,
                null);
        return isWhole(modules.ask(SymbolicateRequest.probe(module, sources), scope));
    }

    /** Some class, which it need not know. */
    private static JvmRequest mapping(DebugId uuid, List<SourceConfig> sources) {
        return new JvmRequest(
                sources,
                List.of(),
                List.of(),
                List.of(),
                List.of(new JvmRequest.Module(JvmRequest.ModuleType.PROGUARD, uuid.toString(), uuid)),
                null,
                null,
                List.of("a.a"),
                new JvmRequest.Options(false, FrameOrder.CALLER_FIRST, false));
    }

    private static JsRequest script(WarmFile.Script script, List<SourceConfig> sources) {
        // a bundle's `~` stands for any host
        String url = script.url().startsWith("~")
                ? "https://any.invalid" + script.url().substring(1)
                : script.url();
        JsFrame frame = new JsFrame(url, 1);
        frame.column = 1;
        return new JsRequest(
                null,
                sources,
                script.release(),
                script.dist().isEmpty() ? null : script.dist(),
                List.of(List.of(frame)),
                List.of(),
                new JsOptions(false, FrameOrder.CALLER_FIRST, true),
                Scraping.DEFAULT.disabled());
    }

    private static boolean isWhole(Answer answer) {
        return answer.shortfalls().isEmpty();
    }
}
