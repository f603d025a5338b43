package framewright.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a node has of a lane and has not begun: few, and each project in its turn. A project's turn comes the more often
 * the greater its weight; one that was idle has saved up nothing. Not safe for threads.
 *
 * @param <T> what waits
 */
final class FairBuffer<T> {
    /** Beyond this part of the room, what a project has sent gives way to others. */
    private static final int SHARES = 4;

    private final int room;
    private final ToDoubleFunction<String> weights;
    private final Map<String, Line<T>> lines = new LinkedHashMap<>();
    private int size;
    private double now;

    private static final class Line<T> {
        private final Deque<T> items = new ArrayDeque<>();
        /** When its next turn is, in turns of a project of weight 1. */
        private double turn;
    }

    /** @param weights of projects, above 0 */
    FairBuffer(int room, ToDoubleFunction<String> weights) {
        this.room = room;
        this.weights = weights;
    }

    /** How many more fit. */
    int free() {
        return Math.max(0, room - size);
    }

    int size() {
        return size;
    }

    void add(String project, T item) {
        Line<T> line = lines.computeIfAbsent(project, _ -> new Line<>());
        if (line.items.isEmpty()) {
            line.turn = Math.max(line.turn, now);
        }
        line.items.add(item);
        size++;
    }

    /** The next; null: there is none. */
    @Nullable
    T poll() {
        String next = null;
        Line<T> first = null;
        for (Map.Entry<String, Line<T>> entry : lines.entrySet()) {
            if (first == null || entry.getValue().turn < first.turn) {
                next = entry.getKey();
                first = entry.getValue();
            }
        }
        if (first == null || next == null) {
            return null;
        }
        T item = first.items.remove();
        now = first.turn;
        first.turn += 1 / weights.applyAsDouble(next);
        size--;
        if (first.items.isEmpty()) {
            lines.remove(next);
        }
        return item;
    }

    /** Takes out what projects have here beyond their share, the latest first; nothing while there is room. */
    List<T> excess() {
        List<T> excess = new ArrayList<>();
        if (free() > 0) {
            return excess;
        }
        for (Line<T> line : lines.values()) {
            while (line.items.size() > room / SHARES) {
                excess.add(line.items.removeLast());
                size--;
            }
        }
        // as they came
        return excess.reversed();
    }

    /** Takes out all. */
    List<T> clear() {
        List<T> all = new ArrayList<>();
        lines.values().forEach(line -> all.addAll(line.items));
        lines.clear();
        size = 0;
        return all;
    }

    /** How many wait, by project. */
    Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        lines.forEach((project, line) -> sizes.put(project, line.items.size()));
        return sizes;
    }
}
