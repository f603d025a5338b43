package framewright.api;

import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.api.SourceConfig.Common;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@link SourceConfig.Azure}: the address of a container, or its name with that of its account, or its
 * name with a connection string as the portal shows it.
 */
final class AzureConfigs {
    private static final String PUBLIC_CLOUD = "core.windows.net";

    /** As Azure allows them. */
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");

    private static final Pattern CONTAINER = Pattern.compile("\\$root|\\$web|[a-z0-9][a-z0-9-]{2,62}");

    private AzureConfigs() {}

    static SourceConfig read(Fields fields, Common common, Access access) {
        Map<String, String> connection = connection(fields);
        String account = fields.text("account", connection.getOrDefault("accountname", ""));
        String url = fields.has("url") ? WebAddress.normalise(fields, "url") : url(fields, connection, account);
        return new SourceConfig.Azure(
                fields.text("id"),
                common,
                url,
                fields.text("prefix", ""),
                credentials(fields, connection, account.isEmpty() ? firstLabel(url) : account),
                access);
    }

    /** {@code Name=value;Name=value}; a value may hold equals signs. Names are told without case. */
    private static Map<String, String> connection(Fields fields) {
        Map<String, String> parts = new HashMap<>();
        for (String part : fields.text("connection_string", "").split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip().toLowerCase(java.util.Locale.ROOT),
                        part.substring(equals + 1).strip());
            } else if (!part.isBlank()) {
                throw fields.invalid("connection_string", "must be Name=value pairs with semicolons between");
            }
        }
        return parts;
    }

    private static String url(Fields fields, Map<String, String> connection, String account) {
        String container = fields.textOrNull("container");
        if (container == null) {
            throw fields.invalid("url", "is required, or container with account or connection_string");
        }
        if (!CONTAINER.matcher(container).matches()) {
            throw fields.invalid("container", "must be the name of a container");
        }
        String endpoint = connection.get("blobendpoint");
        if (endpoint == null) {
            if (!ACCOUNT.matcher(account).matches()) {
                throw fields.invalid("account", "must be the name of a storage account");
            }
            endpoint = connection.getOrDefault("defaultendpointsprotocol", "https") + "://" + account + ".blob."
                    + connection.getOrDefault("endpointsuffix", PUBLIC_CLOUD);
        }
        String address = WebAddress.normalise(endpoint + (endpoint.endsWith("/") ? "" : "/") + container);
        if (address == null) {
            throw fields.invalid("connection_string", "holds no http or https address");
        }
        return address;
    }

    private static AzureCredentials credentials(Fields fields, Map<String, String> connection, String account) {
        return switch (fields.text("azure_credentials_provider", "static")) {
            case "static" -> stored(fields, connection, account);
            case "managed_identity" -> new AzureCredentials.ManagedIdentity(fields.textOrNull("client_id"));
            default -> throw fields.invalid("azure_credentials_provider", "must be \"static\" or \"managed_identity\"");
        };
    }

    private static AzureCredentials stored(Fields fields, Map<String, String> connection, String account) {
        String token = first(fields.textOrNull("sas_token"), connection.get("sharedaccesssignature"));
        if (token != null) {
            return new AzureCredentials.SharedAccess(token.startsWith("?") ? token.substring(1) : token);
        }
        String key = first(fields.textOrNull("account_key"), connection.get("accountkey"));
        return key == null ? new AzureCredentials.Anonymous() : new AzureCredentials.AccountKey(account, key);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null && !one.isEmpty() ? one : other != null && !other.isEmpty() ? other : null;
    }

    /** The account in {@code https://account.blob...}. */
    private static String firstLabel(String url) {
        String host = url.substring(url.indexOf("//") + 2);
        return host.split("[./:?]", 2)[0];
    }
}
