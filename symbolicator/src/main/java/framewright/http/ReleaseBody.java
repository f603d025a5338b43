package framewright.http;

import framewright.api.JsonIn;
import framewright.store.Project;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients say of a release or a deploy; of what else they say nothing is kept.
 *
 * @param projects slugs or numbers
 * @param released null: they do not say
 */
record ReleaseBody(
        @Nullable String version,
        List<String> projects,
        @Nullable Instant released,
        @Nullable String environment,
        @Nullable String name) {
    static ReleaseBody read(JsonIn in) throws IOException {
        String version = null;
        List<String> projects = List.of();
        Instant released = null;
        String environment = null;
        String deploy = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "version" -> version = in.scalar();
                case "projects" -> projects = scalars(in);
                case "dateReleased" -> released = time(in);
                case "environment" -> environment = in.scalar();
                case "name" -> deploy = in.scalar();
                default -> in.skip();
            }
        }
        return new ReleaseBody(version, projects, released, environment, deploy);
    }

    /** Numbers come as numbers, slugs as text. */
    static List<String> scalars(JsonIn in) throws IOException {
        List<String> values = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                String value = in.scalar();
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    private static @Nullable Instant time(JsonIn in) throws IOException {
        String text = in.scalar();
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw SentryJson.refused("`dateReleased` must be a time such as 2026-11-24T12:00:00Z");
        }
    }

    /** Those that are named, or else those of the address. */
    List<Project> projects(SentryPath path) {
        return projects.isEmpty()
                ? path.projects()
                : projects.stream().map(slug -> project(path, slug)).toList();
    }

    /** By slug or number; the request ends where the token reaches no such project. */
    static Project project(SentryPath path, String slug) {
        return path.projects().stream()
                .filter(project -> project.slug().equalsIgnoreCase(slug)
                        || Long.toString(project.id()).equals(slug))
                .findFirst()
                .orElseThrow(() -> SentryJson.refused("there is no project " + slug + " in "
                        + path.organization().slug() + " that the token reaches"));
    }
}
