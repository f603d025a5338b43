package framewright.api;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.api.SourceConfig.Common;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The form of {@link SourceConfig} in requests and in the server's configuration: an object whose {@code type} says
 * which of the other fields are required. Unknown fields are ignored.
 */
public final class SourceConfigs {
    private SourceConfigs() {}

    /** @throws InvalidRequestException where the type is unknown, or a field is missing or of another form */
    public static SourceConfig read(JsonNode source) {
        return read(source, "$");
    }

    /** @param path where the source stands, for messages */
    static SourceConfig read(JsonNode source, String path) {
        Fields fields = new Fields(source, path);
        String type = fields.text("type");
        return switch (type) {
            case "filesystem" -> new SourceConfig.Filesystem(fields.text("id"), common(fields), fields.text("path"));
            case "http" -> http(fields);
            case "s3" -> s3(fields);
            case "gcs" -> gcs(fields);
            case "sentry" -> sentry(fields);
            default -> throw fields.invalid("type", "must be one of filesystem, gcs, http, s3, sentry");
        };
    }

    private static SourceConfig http(Fields fields) {
        return new SourceConfig.Http(
                fields.text("id"),
                common(fields),
                WebAddress.normalise(fields, "url"),
                fields.texts("headers"),
                fields.flag("accept_invalid_certs"));
    }

    private static SourceConfig s3(Fields fields) {
        String region;
        String endpoint = null;
        JsonNode node = fields.required("region");
        if (node.isTextual()) {
            region = fields.text("region");
        } else if (node.isArray()
                && node.size() == 2
                && node.path(0).isTextual()
                && node.path(1).isTextual()) {
            region = node.path(0).textValue();
            endpoint = node.path(1).textValue();
        } else {
            throw fields.invalid("region", "must be the name of a region, or [name, endpoint]");
        }
        boolean ambient = switch (fields.text("aws_credentials_provider", "static")) {
            case "static" -> false;
            case "container" -> true;
            default -> throw fields.invalid("aws_credentials_provider", "must be \"static\" or \"container\"");
        };
        return new SourceConfig.S3(
                fields.text("id"),
                common(fields),
                fields.text("bucket"),
                fields.text("prefix", ""),
                region,
                endpoint,
                ambient,
                fields.text("access_key", ""),
                fields.text("secret_key", ""));
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
                fields.text("id"), common(fields), fields.text("bucket"), fields.text("prefix", ""), key, email, token);
    }

    private static SourceConfig sentry(Fields fields) {
        String token = fields.textOrNull("token");
        String cookies = fields.textOrNull("cookies");
        if (token == null && cookies == null) {
            throw fields.invalid("token", "is required, or cookies");
        }
        return new SourceConfig.Sentry(fields.text("id"), WebAddress.normalise(fields, "url"), token, cookies);
    }

    private static Common common(Fields fields) {
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
                layout(fields.section("layout")),
                fields.flag("is_public"),
                fields.flag("has_index"));
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
