package framewright.sourcemap;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers two questions of {@code framewright-bench} about a map and a file of positions, one a line: generated line and
 * column, both from 0. {@code answers}: what each resolves to, as source, line and column with tabs between; an empty
 * line where there is none. {@code speed}: a line of JSON with the milliseconds from the map to what it tells of the first
 * 40 positions, in a fresh JVM and once it is warm; those that writing the table takes, its bytes, and the nanoseconds of
 * processor time of a lookup in it.
 */
final class MapReplay {
    private static final int RUNS = 15;
    private static final int LOOKUPS = 500_000;

    /** As many frames as a request of the bench has. */
    private static final int FRAMES = 40;

    private MapReplay() {}

    /** @param args the question, the map, the positions */
    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("framewright-map-replay", ".table");
        try {
            List<int[]> positions = Files.readAllLines(Path.of(args[2])).stream()
                    .map(MapReplay::position)
                    .toList();
            switch (args[0]) {
                case "answers" -> answers(Path.of(args[1]), positions, file);
                case "speed" -> speed(Path.of(args[1]), positions, file);
                default -> throw new IllegalArgumentException("no question " + args[0]);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static int[] position(String line) {
        String[] numbers = line.split(" ", -1);
        return new int[] {Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])};
    }

    private static void answers(Path map, List<int[]> positions, Path file) throws IOException {
        write(map, file);
        try (SourceMapTable table = SourceMapTable.open(file)) {
            StringBuilder answers = new StringBuilder();
            for (int[] position : positions) {
                answers.append(answer(table, table.lookup(position[0], position[1])))
                        .append('\n');
            }
            System.out.print(answers);
        }
    }

    private static String answer(SourceLookup table, @Nullable Mapping mapping) {
        return mapping == null || !mapping.isMapped()
                ? ""
                : table.source(mapping.source()) + "\t" + mapping.line() + "\t" + mapping.column();
    }

    private static void speed(Path map, List<int[]> positions, Path file) throws IOException {
        List<int[]> frames = positions.subList(0, Math.min(FRAMES, positions.size()));
        double first = cold(map, frames);
        double firstWritten = write(map, file);
        double best = first;
        double bestWritten = firstWritten;
        for (int i = 0; i < RUNS; i++) {
            best = Math.min(best, cold(map, frames));
            bestWritten = Math.min(bestWritten, write(map, file));
        }
        try (SourceMapTable table = SourceMapTable.open(file)) {
            double fastest = lookups(table, positions);
            for (int i = 0; i < RUNS; i++) {
                fastest = Math.min(fastest, lookups(table, positions));
            }
            System.out.printf(
                    Locale.ROOT,
                    "{\"first_ms\": %f, \"warm_ms\": %f, \"table_ms\": %f, \"bytes\": %d, \"lookup_ns\": %f}%n",
                    first,
                    best,
                    bestWritten,
                    Files.size(file),
                    fastest);
        }
    }

    /** Milliseconds from the file of the map to what an answer tells of frames: source, name, and once each source's text. */
    private static double cold(Path map, List<int[]> frames) throws IOException {
        long start = System.nanoTime();
        SourceMap indexed = read(map);
        BitSet texts = new BitSet();
        long told = 0;
        for (int[] frame : frames) {
            Mapping mapping = indexed.lookup(frame[0], frame[1]);
            told += answer(indexed, mapping).length();
            if (mapping != null && mapping.name() != Mapping.NONE) {
                told += indexed.name(mapping.name()).length();
            }
            if (mapping != null && mapping.isMapped() && !texts.get(mapping.source())) {
                texts.set(mapping.source());
                told += Objects.requireNonNullElse(indexed.content(mapping.source()), "")
                        .length();
            }
        }
        if (told == 0) {
            throw new IllegalArgumentException(map + " tells nothing of the first positions");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** Milliseconds from the file of the map to the file of its table. */
    private static double write(Path map, Path file) throws IOException {
        long start = System.nanoTime();
        SourceMapTables.write(read(map), file);
        return (System.nanoTime() - start) / 1e6;
    }

    private static SourceMap read(Path map) throws IOException {
        if (SourceMapParser.parse(Files.readAllBytes(map), Strictness.TOLERANT)
                instanceof SourceMapParser.Parsed parsed) {
            return parsed.map();
        }
        throw new IllegalArgumentException(map + " is no map");
    }

    /** Nanoseconds of processor time that one takes. */
    private static double lookups(SourceMapTable table, List<int[]> positions) {
        long found = 0;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < LOOKUPS; i++) {
            int[] position = positions.get(i % positions.size());
            Mapping mapping = table.lookup(position[0], position[1]);
            found += mapping == null ? 0 : mapping.line();
        }
        double took = (threads.getCurrentThreadCpuTime() - start) / (double) LOOKUPS;
        if (found < 0) {
            throw new IllegalStateException("lines count from 0");
        }
        return took;
    }
}
