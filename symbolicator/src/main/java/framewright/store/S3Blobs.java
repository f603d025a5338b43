package framewright.store;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.aws.AwsIdentities;
import framewright.config.Certificates;
import framewright.database.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Blobs as objects of a bucket. Content is written on condition that it is not there; what arrives has to have the MD5 that
 * is sent along, which every server of this protocol compares.
 */
final class S3Blobs implements Blobs {
    private static final Logger LOG = Logger.getLogger(S3Blobs.class.getName());

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Above it, a file is sent in parts. */
    private static final long SINGLE = 64L << 20;

    private static final long PART = 32L << 20;

    /** Of one upload; the protocol's bound. */
    private static final int MOST_PARTS = 10_000;

    /** Of one upload, at a time. */
    private static final int PARTS_AT_A_TIME = 4;

    private static final int TRIES = 4;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int THERE_ALREADY = 412;
    private static final int NO_SUCH_RANGE = 416;

    private static final String BYTES = "application/octet-stream";

    private final SourceConfig.S3 config;
    private final TemporaryFiles temporary;
    private final SdkHttpClient http;
    private final S3Client client;
    private final S3Presigner presigner;

    /** @param temporary where files are until they are sent */
    S3Blobs(SourceConfig.S3 config, TemporaryFiles temporary) {
        this.config = config;
        this.temporary = temporary;
        this.http = http(config.access());
        Region region = Region.of(config.region());
        AwsCredentialsProvider credentials = credentials(config.credentials());
        S3Configuration protocol = S3Configuration.builder()
                .pathStyleAccessEnabled(config.pathStyle())
                .chunkedEncodingEnabled(false)
                .build();
        URI endpoint = config.endpoint() == null ? null : endpoint(config.endpoint());
        this.client = S3Client.builder()
                .httpClient(http)
                .region(region)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .serviceConfiguration(protocol)
                // newer checksums are not known to every server, and ours are
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .build();
        this.presigner = S3Presigner.builder()
                .region(region)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .serviceConfiguration(protocol)
                .build();
    }

    private static URI endpoint(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new StorageFailure("store.s3.endpoint is no address: " + e.getMessage(), e);
        }
    }

    private static AwsCredentialsProvider credentials(AwsCredentials credentials) {
        return switch (credentials) {
            case AwsCredentials.Anonymous _ -> AnonymousCredentialsProvider.create();
            case AwsCredentials.Keys keys -> StaticCredentialsProvider.create(AwsIdentities.of(keys));
            case AwsCredentials.Ambient ambient -> AwsIdentities.provider(ambient);
        };
    }

    private static SdkHttpClient http(Access access) {
        UrlConnectionHttpClient.Builder builder =
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        if (access.proxy() != null) {
            builder.proxyConfiguration(ProxyConfiguration.builder()
                    .endpoint(endpoint(access.proxy()))
                    .build());
        }
        if (access.caBundle() != null) {
            TrustManager[] trusted = trusted(access.caBundle());
            builder.tlsTrustManagersProvider(() -> trusted);
        }
        return builder.buildWithDefaults(AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, access.acceptInvalidCerts())
                .build());
    }

    private static TrustManager[] trusted(String bundle) {
        List<X509Certificate> certificates = switch (Certificates.read(bundle)) {
            case Outcome.Found<List<X509Certificate>>(List<X509Certificate> found) -> found;
            case Outcome.Failed<List<X509Certificate>>(Outcome.Failure failure) ->
                throw new StorageFailure("store.s3: " + failure.describe());
        };
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new StorageFailure("store.s3.ca_bundle cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Path newFile() {
        return temporary.newFile();
    }

    /** Nothing: it is sent from the file. */
    @Override
    public void flush(FileChannel file) {}

    @Override
    public void put(BlobKey key, Path file) {
        try {
            long size = Files.size(file);
            boolean content = key.path().startsWith(BlobKey.Family.BLOBS.prefix());
            boolean large = size > SINGLE;
            if (content && large && size(key) == size) {
                return;
            }
            asking("keep", key, () -> {
                put(key, file, size, content);
                return null;
            });
        } catch (IOException e) {
            throw new StorageFailure("the store cannot read " + file + ": " + e.getMessage(), e);
        } finally {
            TemporaryFiles.discard(file);
        }
    }

    private void put(BlobKey key, Path file, long size, boolean ifAbsent) {
        boolean condition = ifAbsent;
        for (int left = TRIES; ; left--) {
            try {
                if (size > SINGLE) {
                    putInParts(key, file, size, condition);
                } else {
                    putAtOnce(key, file, size, condition);
                }
                return;
            } catch (S3Exception e) {
                // there, or being written by another at this moment
                boolean taken = e.statusCode() == THERE_ALREADY || e.statusCode() == CONFLICT;
                if (!taken || left == 1) {
                    throw e;
                }
                if (size(key) == size) {
                    return;
                }
                // it has gone again, or another length under the name of these bytes is damage
                condition = false;
            }
        }
    }

    private void putAtOnce(BlobKey key, Path file, long size, boolean ifAbsent) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(config.bucket())
                .key(name(key))
                .contentMD5(md5(file, 0, size));
        if (ifAbsent) {
            request.ifNoneMatch("*");
        }
        client.putObject(request.build(), body(file, 0, size));
    }

    private void putInParts(BlobKey key, Path file, long size, boolean ifAbsent) {
        String upload = client.createMultipartUpload(
                        request -> request.bucket(config.bucket()).key(name(key)))
                .uploadId();
        try {
            List<CompletedPart> parts = sendParts(key, file, size, upload);
            client.completeMultipartUpload(request -> {
                request.bucket(config.bucket())
                        .key(name(key))
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(parts));
                if (ifAbsent) {
                    request.ifNoneMatch("*");
                }
            });
        } catch (RuntimeException e) {
            abort(name(key), upload);
            throw e;
        }
    }

    private List<CompletedPart> sendParts(BlobKey key, Path file, long size, String upload) {
        long length = Math.max(PART, Math.ceilDiv(size, MOST_PARTS));
        List<CompletedPart> parts = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(
                PARTS_AT_A_TIME, Thread.ofVirtual().name("store-part").factory())) {
            List<Future<CompletedPart>> sent = new ArrayList<>();
            for (long offset = 0; offset < size; offset += length) {
                long from = offset;
                int number = sent.size() + 1;
                sent.add(executor.submit(
                        () -> sendPart(key, file, from, Math.min(length, size - from), upload, number)));
            }
            try {
                for (Future<CompletedPart> part : sent) {
                    parts.add(part.get());
                }
            } catch (ExecutionException e) {
                executor.shutdownNow();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                executor.shutdownNow();
                Thread.currentThread().interrupt();
                throw new StorageFailure("the server ends", e);
            }
        }
        return parts;
    }

    private CompletedPart sendPart(BlobKey key, Path file, long offset, long length, String upload, int number) {
        String tag = client.uploadPart(
                        request -> request.bucket(config.bucket())
                                .key(name(key))
                                .uploadId(upload)
                                .partNumber(number)
                                .contentMD5(md5(file, offset, length)),
                        body(file, offset, length))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    private void abort(String name, String upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(config.bucket()).key(name).uploadId(upload));
        } catch (SdkException e) {
            LOG.log(Level.INFO, "the parts of an upload stay in the bucket until the next tidying", e);
        }
    }

    private static RequestBody body(Path file, long offset, long length) {
        return RequestBody.fromContentProvider(() -> stream(file, offset, length), length, BYTES);
    }

    private static String md5(Path file, long offset, long length) {
        MessageDigest hash = Digest.hash("MD5");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = stream(file, offset, length)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new StorageFailure("the store cannot read " + file + ": " + e.getMessage(), e);
        }
        return Base64.getEncoder().encodeToString(hash.digest());
    }

    private static InputStream stream(Path file, long offset, long length) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(offset);
            return new LimitedStream(Channels.newInputStream(channel), length);
        } catch (IOException e) {
            throw new StorageFailure("the store cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public long size(BlobKey key) {
        return asking("look at", key, () -> {
            try {
                return client.headObject(
                                request -> request.bucket(config.bucket()).key(name(key)))
                        .contentLength();
            } catch (S3Exception e) {
                if (e.statusCode() == NOT_FOUND) {
                    return -1L;
                }
                throw e;
            }
        });
    }

    @Override
    public @Nullable InputStream open(BlobKey key, long offset, long length) {
        if (length == 0) {
            return size(key) < 0 ? null : InputStream.nullInputStream();
        }
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(config.bucket()).key(name(key));
        if (offset > 0 || length > 0) {
            request.range("bytes=" + offset + "-" + (length < 0 ? "" : offset + length - 1));
        }
        return asking("read", key, () -> {
            try {
                return client.getObject(request.build());
            } catch (S3Exception e) {
                return switch (e.statusCode()) {
                    case NOT_FOUND -> null;
                    case NO_SUCH_RANGE -> InputStream.nullInputStream();
                    default -> throw e;
                };
            }
        });
    }

    @Override
    public @Nullable Place locate(BlobKey key, Duration validity) {
        if (size(key) < 0) {
            return null;
        }
        if (config.credentials() instanceof AwsCredentials.Anonymous) {
            return new Place.AtUrl(URI.create(client.utilities()
                    .getUrl(request -> request.bucket(config.bucket()).key(name(key)))
                    .toString()));
        }
        return asking(
                "sign for",
                key,
                () -> new Place.AtUrl(URI.create(presigner
                        .presignGetObject(GetObjectPresignRequest.builder()
                                .signatureDuration(validity)
                                .getObjectRequest(request ->
                                        request.bucket(config.bucket()).key(name(key)))
                                .build())
                        .url()
                        .toString())));
    }

    @Override
    public void delete(BlobKey key) {
        var _ = asking(
                "delete",
                key,
                () -> client.deleteObject(
                        request -> request.bucket(config.bucket()).key(name(key))));
    }

    @Override
    public void list(BlobKey.Family family, Consumer<Listed> each) {
        String start = prefix();
        asking("list", new BlobKey(family.prefix()), () -> {
            client.listObjectsV2Paginator(
                            request -> request.bucket(config.bucket()).prefix(start + family.prefix()))
                    .contents()
                    .forEach(object -> each.accept(new Listed(
                            new BlobKey(object.key().substring(start.length())),
                            object.size(),
                            object.lastModified())));
            return null;
        });
    }

    @Override
    public void tidy(Instant before) {
        asking("list the uploads of", new BlobKey(BlobKey.Family.BLOBS.prefix()), () -> {
            for (MultipartUpload upload : client.listMultipartUploadsPaginator(
                            request -> request.bucket(config.bucket()).prefix(prefix()))
                    .uploads()) {
                if (upload.initiated().isBefore(before)) {
                    abort(upload.key(), upload.uploadId());
                }
            }
            return null;
        });
    }

    @Override
    public void check() {
        var _ = size(new BlobKey("check"));
    }

    /** What all names of ours begin with. */
    private String prefix() {
        String prefix = config.prefix();
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private String name(BlobKey key) {
        return prefix() + key.path();
    }

    private static <T extends @Nullable Object> T asking(String verb, BlobKey key, Supplier<T> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            throw new StorageFailure("the store cannot " + verb + " " + key.path() + " in S3: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (presigner;
                client;
                http) {
            temporary.close();
        }
    }
}
