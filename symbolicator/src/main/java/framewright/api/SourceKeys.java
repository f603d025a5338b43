package framewright.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The fields that {@link SourceConfigs} reads of each type of source; those of objects within have a dot. */
public final class SourceKeys {
    private static final List<String> ALL = List.of("type", "id");
    private static final List<String> FILES = List.of(
            "is_public",
            "has_index",
            "has_pointers",
            "layout.type",
            "layout.casing",
            "filters.filetypes",
            "filters.path_patterns",
            "filters.requires_checksum");
    private static final List<String> ACCESS = List.of("accept_invalid_certs", "ca_bundle", "proxy");
    private static final List<String> WEB = List.of("url", "headers", "user", "password");
    private static final List<String> BUCKET = List.of("bucket", "prefix");

    private static final Map<String, Set<String>> BY_TYPE = new TreeMap<>(Map.of(
            "filesystem", keys(FILES, List.of("path")),
            "http", keys(FILES, WEB, ACCESS),
            "debuginfod", keys(debuginfodCommon(), WEB, ACCESS, List.of("max_size", "max_time", "source_files")),
            "s3",
                    keys(
                            FILES,
                            BUCKET,
                            ACCESS,
                            List.of(
                                    "region",
                                    "endpoint",
                                    "path_style",
                                    "aws_credentials_provider",
                                    "access_key",
                                    "secret_key",
                                    "session_token",
                                    "profile")),
            "gcs", keys(FILES, BUCKET, ACCESS, List.of("private_key", "client_email", "bearer_token")),
            "azure",
                    keys(
                            FILES,
                            ACCESS,
                            List.of(
                                    "url",
                                    "account",
                                    "container",
                                    "prefix",
                                    "connection_string",
                                    "sas_token",
                                    "account_key",
                                    "azure_credentials_provider",
                                    "client_id")),
            "sentry", keys(ACCESS, List.of("url", "token", "cookies")),
            "store", keys(List.of("organization", "project"))));

    private SourceKeys() {}

    /** Names of all types, sorted. */
    public static Set<String> types() {
        return BY_TYPE.keySet();
    }

    /** The fields of a type; empty for an unknown one. */
    public static Set<String> of(String type) {
        return BY_TYPE.getOrDefault(type, Set.of());
    }

    /** Those of a type that say where it is and how it is reached, not which files it has. */
    public static Set<String> ofPlace(String type) {
        Set<String> keys = new TreeSet<>(of(type));
        keys.removeAll(FILES);
        keys.removeAll(ALL);
        return keys;
    }

    /** Its layout is the protocol's. */
    private static List<String> debuginfodCommon() {
        return FILES.stream()
                .filter(key -> key.equals("is_public") || key.startsWith("filters."))
                .toList();
    }

    @SafeVarargs
    private static Set<String> keys(List<String>... groups) {
        Set<String> keys = new TreeSet<>(ALL);
        for (List<String> group : groups) {
            keys.addAll(group);
        }
        return Set.copyOf(keys);
    }
}
