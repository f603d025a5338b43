package framewright.store;

import framewright.api.SourceConfig;
import framewright.api.SourceConfig.StoreView;
import framewright.database.StorageFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes of sources of the type {@code store} what whoever asks may see of it, as of now. */
public final class StoreViews {
    private static final String NO_STORE =
            "this server keeps no symbols of its own; `store.dir` in its settings makes it";

    /** How old a view may be: a quarter of a second costs one look at the database for a thousand requests. */
    private static final long MAX_AGE_MILLIS = 250;

    private final @Nullable Store store;

    /** No more than there are organisations with their projects. */
    private final Map<Whose, Seen> seen = new ConcurrentHashMap<>();

    private record Whose(String organization, @Nullable String project) {}

    /** @param at in milliseconds of the store's clock */
    private record Seen(StoreView view, long at) {}

    /** @param store null: there is none, and who wants it is told so */
    public StoreViews(@Nullable Store store) {
        this.store = store;
    }

    /**
     * Those of the server's settings, which may lend everyone the files of an organisation.
     *
     * @param caller null: the organisation {@link Tenants#DEFAULT}
     */
    public List<SourceConfig> ofSettings(List<SourceConfig> sources, @Nullable Principal caller) {
        return seen(sources, caller, true);
    }

    /**
     * Those of the server's settings, or of an event, for a project that whoever sent the event may speak for.
     *
     * @param trusted whether they are of the settings
     */
    public List<SourceConfig> ofProject(
            List<SourceConfig> sources, String organization, String project, boolean trusted) {
        return sources.stream()
                .map(source -> source instanceof SourceConfig.Store wanted
                        ? ofProject(wanted, organization, project, trusted)
                        : source)
                .toList();
    }

    private SourceConfig ofProject(SourceConfig.Store wanted, String own, String project, boolean trusted) {
        String organization = wanted.organization() == null ? own : Tenants.slug(wanted.organization());
        if (store == null) {
            return new SourceConfig.Refused(wanted.id(), NO_STORE);
        }
        if (!trusted && !organization.equals(own)) {
            return new SourceConfig.Refused(
                    wanted.id(), "organization is " + organization + ", and the event is of the organisation " + own);
        }
        return look(
                store,
                wanted,
                organization,
                wanted.project() == null && organization.equals(own) ? project : wanted.project());
    }

    /** Those of a request, which see nothing but the caller's own organisation. */
    public List<SourceConfig> ofRequest(List<SourceConfig> sources, @Nullable Principal caller) {
        return seen(sources, caller, false);
    }

    private List<SourceConfig> seen(List<SourceConfig> sources, @Nullable Principal caller, boolean trusted) {
        return sources.stream().noneMatch(SourceConfig.Store.class::isInstance)
                ? sources
                : sources.stream()
                        .map(source ->
                                source instanceof SourceConfig.Store wanted ? seen(wanted, caller, trusted) : source)
                        .toList();
    }

    private SourceConfig seen(SourceConfig.Store wanted, @Nullable Principal caller, boolean trusted) {
        String own = caller == null ? Tenants.DEFAULT : caller.organization().slug();
        String organization = wanted.organization() == null ? own : Tenants.slug(wanted.organization());
        if (store == null) {
            return new SourceConfig.Refused(wanted.id(), NO_STORE);
        }
        if (!trusted && !organization.equals(own)) {
            return new SourceConfig.Refused(
                    wanted.id(),
                    "organization is " + wanted.organization() + ", and whoever asks is of the organisation " + own);
        }
        String project = wanted.project();
        if (project == null && organization.equals(own)) {
            project = caller == null
                    ? Tenants.DEFAULT
                    : caller.project() == null ? null : caller.project().slug();
        }
        return look(store, wanted, organization, project);
    }

    private SourceConfig look(Store store, SourceConfig.Store wanted, String organization, @Nullable String project) {
        StoreView view;
        try {
            view = view(store, wanted.id(), new Whose(organization, project));
        } catch (StorageFailure e) {
            return new SourceConfig.Unreachable(wanted.id(), String.valueOf(e.getMessage()));
        }
        if (view == null) {
            return new SourceConfig.Refused(wanted.id(), "there is no organisation " + organization + " in the store");
        }
        return wanted.project() != null && view.project() == null
                ? new SourceConfig.Refused(
                        wanted.id(), "there is no project " + project + " in the organisation " + organization)
                : view;
    }

    private @Nullable StoreView view(Store store, String id, Whose whose) {
        long now = store.clock().millis();
        Seen known = seen.get(whose);
        if (known != null && now - known.at >= 0 && now - known.at < MAX_AGE_MILLIS) {
            return known.view.withId(id);
        }
        StoreView view = store.tenants().view(id, whose.organization, whose.project);
        if (view != null && (whose.project == null || view.project() != null)) {
            seen.put(whose, new Seen(view, now));
        }
        return view;
    }
}
