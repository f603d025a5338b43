package framewright.cache;

import framewright.testkit.ManualClock;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A process that fills a cache until it is killed; says a word after each step. */
final class CacheWriter {
    static final int NAMES = 40;

    private CacheWriter() {}

    /** @param args folder, cap in bytes, seed */
    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[2]));
        PrintStream out = new PrintStream(System.out, true);
        try (Caches caches =
                new Caches(CacheFixture.settings(Path.of(args[0]), Long.parseLong(args[1])), new ManualClock())) {
            while (true) {
                int name = random.nextInt(NAMES);
                byte[] content = content(name);
                caches.getOrLoad(CacheKind.OBJECTS, CacheFixture.key("k" + name), Retention.PRIVATE, staging -> {
                            if (!staging.reserve(content.length)) {
                                return staging.noRoom();
                            }
                            Files.write(staging.file(), content);
                            return Loaded.ok();
                        })
                        .map(file -> {
                            file.close();
                            return file;
                        });
                out.println("step");
            }
        }
    }

    static byte[] content(int name) {
        byte[] content = new byte[1 + name * 997];
        new Random(name).nextBytes(content);
        return content;
    }
}
