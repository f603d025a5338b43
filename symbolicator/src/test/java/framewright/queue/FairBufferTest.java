package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FairBufferTest {
    private static final int ROOM = 8;

    private final Map<String, Double> weights = new HashMap<>();
    private final FairBuffer<String> buffer = new FairBuffer<>(ROOM, project -> weights.getOrDefault(project, 1.0));

    @Test
    void projects_takeTurns() {
        for (String item : List.of("a1", "a2", "a3", "b1", "b2", "c1")) {
            buffer.add(item.substring(0, 1), item);
        }
        assertThat(drain()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void weight_givesSoManyTurnsForOne() {
        weights.put("a", 2.0);
        for (int i = 0; i < 4; i++) {
            buffer.add("a", "a");
            buffer.add("b", "b");
        }
        assertThat(String.join("", drain())
                        .substring(0, 6)
                        .chars()
                        .filter(c -> c == 'a')
                        .count())
                .isEqualTo(4);
    }

    @Test
    void idleProject_hasSavedNothingUp() {
        for (int i = 0; i < 4; i++) {
            buffer.add("a", "a" + i);
        }
        buffer.poll();
        buffer.poll();
        buffer.add("b", "b1");
        buffer.add("b", "b2");
        assertThat(drain()).containsExactly("b1", "a2", "b2", "a3");
    }

    @Test
    void fullBuffer_givesUpWhatOneProjectHasBeyondItsShare_andKeepsItsOldest() {
        for (int i = 0; i < 7; i++) {
            buffer.add("a", "a" + i);
        }
        assertThat(buffer.excess()).isEmpty();
        buffer.add("b", "b0");
        assertThat(buffer.excess()).containsExactly("a2", "a3", "a4", "a5", "a6");
        assertThat(drain()).containsExactly("a0", "b0", "a1");
    }

    /** Nothing is lost, and each project's items come in their order. */
    @Property
    void everything_comesOutOnce_inTheOrderOfItsProject(
            @ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> moves) {
        Map<String, Deque<Integer>> model = new HashMap<>();
        int next = 0;
        FairBuffer<String> all = new FairBuffer<>(1000, _ -> 1.0);
        for (int move : moves) {
            if (move > 1) {
                String project = "p" + move;
                model.computeIfAbsent(project, _ -> new ArrayDeque<>()).add(next);
                all.add(project, project + ":" + next++);
            } else {
                take(all, model);
            }
        }
        while (all.size() > 0) {
            take(all, model);
        }
        assertThat(model.values()).allMatch(Deque::isEmpty);
        assertThat(all.poll()).isNull();
    }

    private static void take(FairBuffer<String> buffer, Map<String, Deque<Integer>> model) {
        String item = buffer.poll();
        if (item == null) {
            assertThat(model.values()).allMatch(Deque::isEmpty);
            return;
        }
        int mark = item.indexOf(':');
        Deque<Integer> line = model.getOrDefault(item.substring(0, mark), new ArrayDeque<>());
        assertThat(line.remove()).isEqualTo(Integer.parseInt(item.substring(mark + 1)));
    }

    private List<String> drain() {
        List<String> all = new ArrayList<>();
        while (buffer.size() > 0) {
            all.add(buffer.poll());
        }
        return all;
    }
}
