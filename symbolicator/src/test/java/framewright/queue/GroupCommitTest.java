package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final int MOST = 3;

    @Test
    void whoComesMeanwhile_isPartOfTheNextBatch_asFarAsThereIsRoom() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<List<Integer>> batches = new CopyOnWriteArrayList<>();
        AtomicInteger queued = new AtomicInteger();
        try (GroupCommit<Integer, Integer> commit = new GroupCommit<>("test", MOST, batch -> {
                    batches.add(batch);
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return batch.stream().map(i -> i * 10).toList();
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> outputs = new ArrayList<>();
            outputs.add(threads.submit(() -> commit.commit(0, queued::incrementAndGet)));
            Await.until("the first batch is under way", () -> batches.size() == 1);
            for (int i = 1; i <= 5; i++) {
                int input = i;
                outputs.add(threads.submit(() -> commit.commit(input, queued::incrementAndGet)));
            }
            Await.until("as many wait as fit", () -> queued.get() == 1 + MOST);
            release.countDown();
            for (int i = 0; i < outputs.size(); i++) {
                assertThat(outputs.get(i).get()).isEqualTo(i * 10);
            }
        }
        assertThat(queued).hasValue(6);
        assertThat(batches).first().isEqualTo(List.of(0));
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(MOST));
        assertThat(batches).hasSizeLessThan(6);
    }

    @Test
    void failure_isThatOfAllOfTheBatch_andOfNobodyElse() throws Exception {
        try (GroupCommit<Integer, Integer> commit = new GroupCommit<>("test", MOST, batch -> {
            if (batch.contains(1)) {
                throw new IllegalArgumentException("no ones");
            }
            return batch;
        })) {
            assertThatThrownBy(() -> commit.commit(1)).hasMessage("no ones");
            assertThat(commit.commit(2)).isEqualTo(2);
        }
    }
}
