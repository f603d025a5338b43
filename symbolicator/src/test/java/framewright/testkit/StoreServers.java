package framewright.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Servers that speak the protocols of S3, Google Cloud Storage and Azure Blob Storage. */
public final class StoreServers {
    /** Who may ask {@link #versitygw}. */
    public static final String ACCESS_KEY = "someone";

    public static final String SECRET_KEY = "something";

    /** Of {@link #azurite}. */
    public static final String ACCOUNT = "devstoreaccount1";

    private StoreServers() {}

    /**
     * S3 with its own check of signatures.
     *
     * @param root whose folders are buckets
     */
    public static Program versitygw(Path folder, Path root) throws IOException {
        Path sidecar = Files.createDirectories(folder.resolve("sidecar"));
        return Program.start(
                "versitygw",
                folder,
                port -> List.of(
                        "--access",
                        ACCESS_KEY,
                        "--secret",
                        SECRET_KEY,
                        "--port",
                        "127.0.0.1:" + port,
                        "posix",
                        "--sidecar",
                        sidecar.toString(),
                        root.toString()));
    }

    /**
     * Checks no credentials, but knows Google's API.
     *
     * @param data whose folders are buckets that are there from the start
     */
    public static Program fakeGcsServer(Path folder, Path data) throws IOException {
        return Program.start(
                "fake-gcs-server",
                folder,
                port -> List.of(
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-backend",
                        "memory",
                        "-data",
                        data.toString(),
                        "-public-host",
                        "127.0.0.1:" + port));
    }

    /**
     * Microsoft's own emulator.
     *
     * @param key of {@link #ACCOUNT}, in Base64
     */
    public static Program azurite(Path folder, String key) throws IOException {
        Path azurite = Program.find("azurite-blob");
        return Program.start(
                "env",
                folder,
                port -> List.of(
                        "AZURITE_ACCOUNTS=" + ACCOUNT + ":" + key,
                        azurite.toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--skipApiVersionCheck",
                        "--silent",
                        "--location",
                        folder.toString()));
    }
}
