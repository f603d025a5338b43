package framewright.api;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.api.SourceConfig.Common;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@link SourceConfig} in requests and in the server's configuration: an object whose {@code type} says
 * which of the other fields are required. Unknown fields are ignored.
 */
public final class SourceConfigs {
    private static final String AUTHORIZATION = "Authorization";

    private SourceConfigs() {}

    /** @throws InvalidRequestException where the type is unknown, or a field is missing or of another form */
    public static SourceConfig read(JsonNode source) {
        return read(source, "$");
    }

    /**
     * A source that comes with a request, hence from anyone. It gets no use of what is the server's own.
     *
     * @param path where the source stands, for messages
     */
    static SourceConfig readOfRequest(JsonNode source, String path) {
        return ofRequest(read(source, path));
    }

    /** The same, of scripts. Where the type says nothing, it goes without saying that it is a Sentry-compatible server. */
    static SourceConfig readOfScripts(JsonNode source, String path) {
        boolean typed = SourceKeys.types().contains(source.path("type").asText());
        return ofRequest(typed ? read(source, path) : sentry(new Fields(source, path)));
    }

    private static SourceConfig ofRequest(SourceConfig config) {
        String field = serversOwn(config);
        return field == null
                ? config
                : new SourceConfig.Refused(
                        config.id(), field + " is only for sources of the server's own settings, not of a request");
    }

    private static SourceConfig read(JsonNode source, String path) {
        Fields fields = new Fields(source, path);
        String type = fields.text("type");
        return switch (type) {
            case "filesystem" -> new SourceConfig.Filesystem(fields.text("id"), common(fields), fields.text("path"));
            case "http" -> http(fields);
            case "debuginfod" -> debuginfod(fields);
            case "s3" -> s3(fields);
            case "gcs" -> gcs(fields);
            case "azure" -> AzureConfigs.read(fields, common(fields), access(fields));
            case "sentry" -> sentry(fields);
            case "store" ->
                new SourceConfig.Store(
                        fields.text("id", "store"), fields.textOrNull("organization"), fields.textOrNull("project"));
            default -> throw fields.invalid("type", "must be one of " + String.join(", ", SourceKeys.types()));
        };
    }

    /** The field by which a source wants something of the server's own; null where there is none. */
    private static @Nullable String serversOwn(SourceConfig config) {
        return switch (config) {
            case SourceConfig.Http http -> serversOwn(http.access());
            case SourceConfig.Debuginfod debuginfod -> serversOwn(debuginfod.access());
            case SourceConfig.S3 s3 ->
                s3.credentials() instanceof AwsCredentials.Ambient
                        ? "aws_credentials_provider"
                        : serversOwn(s3.access());
            case SourceConfig.Azure azure ->
                azure.credentials() instanceof SourceConfig.AzureCredentials.ManagedIdentity
                        ? "azure_credentials_provider"
                        : serversOwn(azure.access());
            case SourceConfig.Gcs gcs -> serversOwn(gcs.access());
            case SourceConfig.Sentry sentry -> serversOwn(sentry.access());
            case SourceConfig.Filesystem _,
                    SourceConfig.Store _,
                    SourceConfig.StoreView _,
                    SourceConfig.Unreachable _,
                    SourceConfig.Refused _ -> null;
        };
    }

    private static @Nullable String serversOwn(Access access) {
        if (access.caBundle() != null) {
            return "ca_bundle";
        }
        return access.proxy() != null ? "proxy" : null;
    }

    private static SourceConfig http(Fields fields) {
        return new SourceConfig.Http(
                fields.text("id"),
                common(fields),
                WebAddress.normalise(fields, "url"),
                headers(fields),
                access(fields));
    }

    private static SourceConfig debuginfod(Fields fields) {
        return new SourceConfig.Debuginfod(
                fields.text("id"),
                filtered(fields, Layout.DEFAULT, false, false),
                WebAddress.normalise(fields, "url"),
                headers(fields),
                access(fields),
                fields.count("max_size"),
                fields.count("max_time"),
                !Boolean.FALSE.equals(fields.flagOrNull("source_files")));
    }

    /** With the user and password as the header that carries them; RFC 7617. */
    private static Map<String, String> headers(Fields fields) {
        Map<String, String> headers = fields.texts("headers");
        String user = fields.textOrNull("user");
        String password = fields.textOrNull("password");
        if (user == null) {
            if (password != null) {
                throw fields.invalid("user", "is required with password");
            }
            return headers;
        }
        if (user.indexOf(':') >= 0) {
            throw fields.invalid("user", "must not contain a colon");
        }
        if (headers.keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
            throw fields.invalid("user", "and an Authorization header exclude each other");
        }
        String credentials = user + ":" + (password == null ? "" : password);
        Map<String, String> all = new TreeMap<>(headers);
        all.put(
                AUTHORIZATION,
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        return all;
    }

    private static Access access(Fields fields) {
        String proxy = fields.has("proxy") ? WebAddress.normalise(fields, "proxy") : null;
        if (proxy != null && !proxy.regionMatches(true, 0, "http:", 0, 5)) {
            throw fields.invalid("proxy", "must be an http address");
        }
        return new Access(fields.flag("accept_invalid_certs"), fields.textOrNull("ca_bundle"), proxy);
    }

    private static SourceConfig s3(Fields fields) {
        String region;
        String endpoint = fields.textOrNull("endpoint");
        JsonNode node = fields.required("region");
        if (node.isTextual()) {
            region = fields.text("region");
        } else if (node.isArray()
                && node.size() == 2
                && node.path(0).isTextual()
                && node.path(1).isTextual()) {
            region = node.path(0).textValue();
            endpoint = endpoint == null ? node.path(1).textValue() : endpoint;
        } else {
            throw fields.invalid("region", "must be the name of a region, or [name, endpoint]");
        }
        Boolean pathStyle = fields.flagOrNull("path_style");
        return new SourceConfig.S3(
                fields.text("id"),
                common(fields),
                fields.text("bucket"),
                fields.text("prefix", ""),
                region,
                endpoint,
                pathStyle == null ? endpoint != null : pathStyle,
                awsCredentials(fields),
                access(fields));
    }

    private static AwsCredentials awsCredentials(Fields fields) {
        String provider = fields.text("aws_credentials_provider", "static");
        if (!provider.equals("static")) {
            for (AwsCredentials.Provider known : AwsCredentials.Provider.values()) {
                if (wireName(known).equals(provider)) {
                    return new AwsCredentials.Ambient(known, fields.textOrNull("profile"));
                }
            }
            throw fields.invalid(
                    "aws_credentials_provider",
                    "must be one of static, container, environment, profile, instance, default");
        }
        String accessKey = fields.text("access_key", "");
        String secretKey = fields.text("secret_key", "");
        return accessKey.isBlank() || secretKey.isBlank()
                ? new AwsCredentials.Anonymous()
                : new AwsCredentials.Keys(accessKey, secretKey, fields.textOrNull("session_token"));
    }

    private static SourceConfig gcs(Fields fields) {
        String token = fields.textOrNull("bearer_token");
        String key = fields.textOrNull("private_key");
        String email = fields.textOrNull("client_email");
        if (token == null) {
            if (key == null) {
                throw fields.invalid("private_key", "is required, with client_email, where there is no bearer_token");
            }
            if (email == null) {
                throw fields.invalid("client_email", "is required with private_key");
            }
        }
        return new SourceConfig.Gcs(
                fields.text("id"),
                common(fields),
                fields.text("bucket"),
                fields.text("prefix", ""),
                key,
                email,
                token,
                access(fields));
    }

    private static SourceConfig.Sentry sentry(Fields fields) {
        String token = fields.textOrNull("token");
        String cookies = fields.textOrNull("cookies");
        if (token == null && cookies == null) {
            throw fields.invalid("token", "is required, or cookies");
        }
        return new SourceConfig.Sentry(
                fields.text("id"), WebAddress.normalise(fields, "url"), token, cookies, access(fields));
    }

    private static Common common(Fields fields) {
        return filtered(
                fields, layout(fields.section("layout")), fields.flag("has_index"), fields.flag("has_pointers"));
    }

    private static Common filtered(Fields fields, Layout layout, boolean hasIndex, boolean hasPointers) {
        Fields filters = fields.section("filters");
        List<FileType> types = new ArrayList<>();
        for (String name : filters.list("filetypes")) {
            FileType type = FileType.of(name);
            if (type == null) {
                throw filters.invalid("filetypes", "holds an unknown file type; known are " + fileTypes());
            }
            types.add(type);
        }
        return new Common(
                types,
                filters.list("path_patterns"),
                filters.flag("requires_checksum"),
                layout,
                fields.flag("is_public"),
                hasIndex,
                hasPointers);
    }

    private static Layout layout(Fields fields) {
        Layout.Kind kind = constant(Layout.Kind.values(), fields, "type", Layout.Kind.NATIVE);
        Layout.Casing casing = constant(Layout.Casing.values(), fields, "casing", Layout.Casing.DEFAULT);
        return new Layout(kind, casing);
    }

    private static <E extends Enum<E>> E constant(E[] values, Fields fields, String field, E ifAbsent) {
        String text = fields.text(field, wireName(ifAbsent));
        List<String> known = new ArrayList<>();
        for (E value : values) {
            if (wireName(value).equals(text)) {
                return value;
            }
            known.add(wireName(value));
        }
        throw fields.invalid(field, "must be one of " + String.join(", ", known));
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String fileTypes() {
        List<String> names = new ArrayList<>();
        for (FileType type : FileType.values()) {
            names.add(type.wireName());
        }
        return String.join(", ", names);
    }
}
