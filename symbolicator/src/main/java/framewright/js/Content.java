package framewright.js;

import framewright.api.BundleManifest;
import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.fetch.WebScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that was found, not yet read. What it reads from stays open as long as the request that found it.
 */
sealed interface Content {
    /** Names it among all files of all requests. */
    CacheKey key();

    /** How long it says it is, in bytes. */
    long bytes();

    /** Reads it, the whole in memory. */
    Outcome<Read> read();

    /**
     * A file that was read.
     *
     * @param sourceMap what was said of its source map beside it; empty where nothing was
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Read(byte[] bytes, String sourceMap) {}

    /** As it was uploaded. */
    record Uploaded(CachedFile file, String sourceMap) implements Content {
        @Override
        public CacheKey key() {
            return sourceMap.isEmpty() ? file.key() : file.key().with("source map: " + sourceMap.replace('\n', ' '));
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public Outcome<Read> read() {
            if (file.bytes() > SourceMaps.MAX_BYTES) {
                return Outcome.failed(new Malformed("Maximum file size exceeded"));
            }
            try {
                return Outcome.found(new Read(Files.readAllBytes(file.path()), sourceMap));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** In a folder of this machine; the process that reads it lives no longer than the file stays as it is. */
    record Local(Path file) implements Content {
        @Override
        public CacheKey key() {
            return new CacheKey("local file\n" + file + "\n");
        }

        @Override
        public long bytes() {
            return file.toFile().length();
        }

        @Override
        public Outcome<Read> read() {
            if (bytes() > SourceMaps.MAX_BYTES) {
                return Outcome.failed(new Malformed("Maximum file size exceeded"));
            }
            try {
                return Outcome.found(new Read(Files.readAllBytes(file), ""));
            } catch (IOException e) {
                return Outcome.failed(new Outcome.Denied("the file cannot be read"));
            }
        }
    }

    /** From the web. */
    record Scraped(CachedFile file) implements Content {
        @Override
        public CacheKey key() {
            return file.key();
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public Outcome<Read> read() {
            try {
                WebScript script = WebScript.read(file.path());
                return Outcome.found(new Read(script.body(), script.sourceMap()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** In a bundle. */
    record Bundled(ArtifactBundle bundle, BundleManifest.File file) implements Content {
        @Override
        public CacheKey key() {
            return bundle.key().with("file: " + file.path().replace('\n', ' '));
        }

        @Override
        public long bytes() {
            return bundle.bytes(file);
        }

        @Override
        public Outcome<Read> read() {
            String sourceMap = file.sourceMap();
            return bundle.read(file).map(bytes -> new Read(bytes, sourceMap == null ? "" : sourceMap));
        }
    }

    /** Within a script, which has it in memory. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Embedded(CacheKey key, byte[] map) implements Content {
        @Override
        public long bytes() {
            return map.length;
        }

        @Override
        public Outcome<Read> read() {
            return Outcome.found(new Read(map, ""));
        }
    }

    /**
     * A file without a byte, of which only what is said beside it is of use: bytecode of React Native is uploaded so.
     */
    record Empty(CacheKey key, String sourceMap) implements Content {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public Outcome<Read> read() {
            return Outcome.found(new Read(new byte[0], sourceMap));
        }
    }
}
