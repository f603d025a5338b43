package framewright.shared;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Missing;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the shared cache needs of a store, whatever it is. */
abstract class StoreContract {
    abstract Store store();

    @Test
    void read_ofWhatIsNotThere_isMissing() throws InterruptedException {
        assertThat(store().read("a/b", Text::read)).isEqualTo(Outcome.failed(new Missing()));
    }

    @Test
    void create_whereNothingIs_isReadBack() throws InterruptedException {
        assertThat(store().create("a/b.0", Text.of("one"))).isEqualTo(Outcome.found(true));
        assertThat(store().read("a/b.0", Text::read)).isEqualTo(Outcome.found("one"));
    }

    @Test
    void create_whereSomethingIs_changesNothing() throws InterruptedException {
        assertThat(store().create("a/b", Text.of("one"))).isEqualTo(Outcome.found(true));
        assertThat(store().create("a/b", Text.of("two"))).isEqualTo(Outcome.found(false));
        assertThat(store().read("a/b", Text::read)).isEqualTo(Outcome.found("one"));
    }

    @Test
    void create_byManyAtOnce_succeedsForOne() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Outcome<Boolean>>> all = IntStream.range(0, 20)
                    .<Callable<Outcome<Boolean>>>mapToObj(i -> () -> store().create("a/b", Text.of("node " + i)))
                    .toList();
            int created = 0;
            for (Future<Outcome<Boolean>> one : threads.invokeAll(all)) {
                created += one.get().equals(Outcome.found(true)) ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
        }
    }

    @Test
    void write_replacesWhatIsThere() throws InterruptedException {
        assertThat(store().write("a/b", Text.of("one"))).isEqualTo(Outcome.found(true));
        assertThat(store().write("a/b", Text.of("two"))).isEqualTo(Outcome.found(true));
        assertThat(store().read("a/b", Text::read)).isEqualTo(Outcome.found("two"));
    }

    @Test
    void remove_letsTheNameBeTakenAgain() throws InterruptedException {
        assertThat(store().create("a/b", Text.of("one"))).isEqualTo(Outcome.found(true));
        assertThat(store().remove("a/b")).isEqualTo(Outcome.found(true));
        assertThat(store().remove("a/b")).as("S3 does not tell").isInstanceOf(Outcome.Found.class);
        assertThat(store().create("a/b", Text.of("two"))).isEqualTo(Outcome.found(true));
    }
}
