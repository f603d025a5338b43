package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanePoolTest {
    private record Sent(Lane lane, Message message, int deliveries) implements Delivery {}

    private static Held held(Lane lane, String key) {
        return Held.of(new Sent(lane, new Message(key, 0, Map.of(), new byte[0]), 1), 0);
    }

    @Test
    void whatIsCrowded_getsOneTurnInTen_andAllWhereNobodyElseWantsAny() throws Exception {
        LanePool pool = new LanePool(List.of(Lane.WARM, Lane.CROWDED), 100, 100, _ -> 1.0);
        pool.add(IntStream.range(0, 18)
                .mapToObj(i -> held(Lane.WARM, "o/a/" + i))
                .toList());
        pool.add(IntStream.range(0, 18)
                .mapToObj(i -> held(Lane.CROWDED, "o/b/" + i))
                .toList());
        List<Lane> turns = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            turns.add(pool.take().lane());
        }
        assertThat(turns.stream().filter(Lane.CROWDED::equals)).hasSize(2);
        for (int i = 0; i < 18; i++) {
            turns.add(pool.take().lane());
        }
        assertThat(turns.stream().filter(Lane.CROWDED::equals)).hasSize(18);
    }

    @Test
    void fullLane_sendsOnWhatOneProjectHasTooMuch_andTakesAgain() throws Exception {
        LanePool pool = new LanePool(List.of(Lane.WARM, Lane.CROWDED), 1, 8, _ -> 1.0);
        pool.add(IntStream.range(0, 8)
                .mapToObj(i -> held(Lane.WARM, "o/loud/" + i))
                .toList());
        List<Held> excess = new ArrayList<>();
        assertThat(pool.awaitRoom(Lane.WARM, excess)).isEqualTo(6);
        assertThat(excess).hasSize(6).allMatch(held -> held.project().equals("o/loud"));
    }

    @Test
    void workFromOtherLanes_waitsForASlot_andIsRefusedWhereTooManyDo() throws Exception {
        LanePool pool = new LanePool(List.of(Lane.DOWNLOAD), 1, 8, _ -> 1.0);
        assertThat(pool.enter()).isTrue();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(Thread.ofVirtual().start(() -> {
                try {
                    if (pool.enter()) {
                        pool.leave();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        while (waiting.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        assertThat(pool.enter()).isFalse();
        pool.leave();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(pool.running()).isZero();
    }
}
