package framewright.aws;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.SourceConfig.AwsCredentials.Ambient;
import framewright.api.SourceConfig.AwsCredentials.Keys;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Who requests to AWS come from. The server's own credentials are had by Amazon's providers, which ask the addresses
 * that the environment names, keep what they got, and get it anew before it expires.
 */
public final class AwsIdentities {
    private static final Logger LOG = Logger.getLogger(AwsIdentities.class.getName());

    /** As many as the settings describe: no request brings one. */
    private final Map<Ambient, AwsCredentialsProvider> providers = new ConcurrentHashMap<>();

    public static AwsCredentials of(Keys keys) {
        String token = keys.sessionToken();
        return token == null || token.isEmpty()
                ? AwsBasicCredentials.create(keys.accessKey(), keys.secretKey())
                : AwsSessionCredentials.create(keys.accessKey(), keys.secretKey(), token);
    }

    public Outcome<AwsCredentialsIdentity> of(Ambient ambient) {
        try {
            return Outcome.found(
                    providers.computeIfAbsent(ambient, AwsIdentities::provider).resolveCredentials());
        } catch (SdkException | IllegalStateException e) {
            // what it says may name files and addresses of this machine
            LOG.log(Level.WARNING, "no AWS credentials from " + ambient.provider(), e);
            return Outcome.failed(new Denied("the server has no AWS credentials; its log says why"));
        }
    }

    /** Finds the server's own credentials, and renews them. */
    public static AwsCredentialsProvider provider(Ambient ambient) {
        @Nullable String profile = ambient.profile();
        return switch (ambient.provider()) {
            case CONTAINER -> ContainerCredentialsProvider.create();
            case ENVIRONMENT -> EnvironmentVariableCredentialsProvider.create();
            case PROFILE ->
                profile == null ? ProfileCredentialsProvider.create() : ProfileCredentialsProvider.create(profile);
            case INSTANCE -> InstanceProfileCredentialsProvider.create();
            case DEFAULT -> {
                DefaultCredentialsProvider.Builder all = DefaultCredentialsProvider.builder();
                yield profile == null ? all.build() : all.profileName(profile).build();
            }
        };
    }
}
