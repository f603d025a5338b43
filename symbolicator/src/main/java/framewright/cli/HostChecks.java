package framewright.cli;

import framewright.App;
import framewright.config.CacheSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code framewright doctor} looks at on the machine itself. */
final class HostChecks {
    /** What the build is made for. */
    private static final int JDK = 25;

    /** For the questions to the sources, which bring no file. */
    private static final long PROBE_CAP = 64 << 20;

    private static final List<String> NATIVE_PARTS = List.of("native_library", "crash_processes");
    private static final String REINSTALL = "Install the build for this machine again.";

    private HostChecks() {}

    static List<Diagnosis> of(CacheSettings caches) {
        return List.of(jdk(), folder(caches), space(caches));
    }

    /** The same caches in a temporary folder. */
    static CacheSettings temporary(CacheSettings caches) {
        return new CacheSettings(
                null, PROBE_CAP, caches.minShare(), caches.downloaded(), caches.derived(), caches.retries());
    }

    private static Diagnosis jdk() {
        String version = Runtime.version().toString();
        return Runtime.version().feature() >= JDK
                ? Diagnosis.ok("jdk", version)
                : Diagnosis.fail("jdk", version + " is older than " + JDK, "Run it with a JDK " + JDK + " or newer.");
    }

    /** A build for another machine shows at the first call. */
    static List<Diagnosis> nativeParts(App app) throws InterruptedException {
        try {
            return app.ready().checks().stream()
                    .filter(check -> NATIVE_PARTS.contains(check.name()))
                    .map(check -> check.ok()
                            ? Diagnosis.ok(check.name(), check.detail())
                            : Diagnosis.fail(check.name(), check.detail(), REINSTALL))
                    .toList();
        } catch (RuntimeException | LinkageError e) {
            return List.of(Diagnosis.fail(NATIVE_PARTS.getFirst(), "cannot be used: " + e.getMessage(), REINSTALL));
        }
    }

    /** Looks for the folder's nearest parent where it is not there yet, and makes nothing. */
    private static Diagnosis folder(CacheSettings caches) {
        Path folder = caches.dir();
        if (folder == null) {
            return Diagnosis.warn(
                    "cache_folder",
                    "no cache_dir: everything is fetched again after each start",
                    "Set `cache_dir` to a folder on a disk that stays.");
        }
        Path there = existing(folder);
        boolean usable = Files.isDirectory(there) && Files.isWritable(there) && Files.isExecutable(there);
        return usable
                ? Diagnosis.ok("cache_folder", folder + " can be written to")
                : Diagnosis.fail(
                        "cache_folder",
                        there + " is no folder that can be written to",
                        "Give the user that runs the server this folder, or set `cache_dir` to another one.");
    }

    private static Path existing(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /** What the cache holds already is part of its cap, and not looked through. */
    private static Diagnosis space(CacheSettings caches) {
        Path folder = caches.dir() == null ? Path.of(System.getProperty("java.io.tmpdir")) : caches.dir();
        try {
            long free = Files.getFileStore(existing(folder)).getUsableSpace();
            return free >= caches.maxBytes()
                    ? Diagnosis.ok("disk_space", free + " bytes free")
                    : Diagnosis.warn(
                            "disk_space",
                            free + " bytes free, fewer than caches.max_bytes (" + caches.maxBytes() + ")",
                            "Lower `caches.max_bytes` unless the cache holds the difference already, or free the disk.");
        } catch (IOException e) {
            return Diagnosis.fail("disk_space", "the disk cannot be asked: " + e.getMessage(), "Check its mount.");
        }
    }
}
