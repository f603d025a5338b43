package framewright.sourcemap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers two questions of {@code framewright-bench} about a map and a file of positions, one a line: generated line and
 * column, both from 0. {@code answers}: what each resolves to, as source, line and column with tabs between; an empty
 * line where there is none. {@code speed}: a line of JSON with the milliseconds that the table takes, in a fresh JVM and
 * once it is warm, its bytes, and the nanoseconds of a lookup.
 */
final class MapReplay {
    private static final int RUNS = 15;
    private static final int LOOKUPS = 500_000;

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

    private static String answer(SourceMapTable table, @Nullable Mapping mapping) {
        return mapping == null || !mapping.isMapped()
                ? ""
                : table.source(mapping.source()) + "\t" + mapping.line() + "\t" + mapping.column();
    }

    private static void speed(Path map, List<int[]> positions, Path file) throws IOException {
        double first = write(map, file);
        double best = first;
        for (int i = 0; i < RUNS; i++) {
            best = Math.min(best, write(map, file));
        }
        try (SourceMapTable table = SourceMapTable.open(file)) {
            double fastest = lookups(table, positions);
            for (int i = 0; i < RUNS; i++) {
                fastest = Math.min(fastest, lookups(table, positions));
            }
            System.out.printf(
                    Locale.ROOT,
                    "{\"first_ms\": %f, \"warm_ms\": %f, \"bytes\": %d, \"lookup_ns\": %f}%n",
                    first,
                    best,
                    Files.size(file),
                    fastest);
        }
    }

    /** Milliseconds from the file of the map to the file of its table. */
    private static double write(Path map, Path file) throws IOException {
        long start = System.nanoTime();
        SourceMapTables.Result result = SourceMapTables.write(Files.readAllBytes(map), Strictness.TOLERANT, file);
        if (!(result instanceof SourceMapTables.Written)) {
            throw new IllegalArgumentException(map + ": " + result);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** Nanoseconds of one. */
    private static double lookups(SourceMapTable table, List<int[]> positions) {
        long found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < LOOKUPS; i++) {
            int[] position = positions.get(i % positions.size());
            Mapping mapping = table.lookup(position[0], position[1]);
            found += mapping == null ? 0 : mapping.line();
        }
        double took = (System.nanoTime() - start) / (double) LOOKUPS;
        if (found < 0) {
            throw new IllegalStateException("lines count from 0");
        }
        return took;
    }
}
