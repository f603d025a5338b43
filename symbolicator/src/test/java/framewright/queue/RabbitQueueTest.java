package framewright.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import framewright.database.StorageFailure;
import framewright.testkit.Await;
import framewright.testkit.RabbitBroker;
import framewright.testkit.SelfSignedServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RabbitQueueTest extends BrokerContract {
    @TempDir
    private static Path folder;

    private static RabbitBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = RabbitBroker.start(folder);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    QueueEngine open(InstantSource clock) {
        return new RabbitQueue(new RabbitQueue.Place(broker.uri(), prefix, KEPT), clock);
    }

    @Override
    void keep(QueueEngine queue) {
        ((RabbitQueue) queue).keep();
    }

    @Override
    void stopBroker() {
        broker.kill();
    }

    @Override
    void startBroker() throws Exception {
        broker.startAgain();
    }

    @Override
    int most() {
        return 10;
    }

    @Override
    String limit() {
        return Integer.toString(RabbitBroker.LARGEST_MESSAGE);
    }

    @Override
    List<String> read(String name, int count) throws Exception {
        List<String> bodies = new ArrayList<>();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            while (bodies.size() < count) {
                GetResponse got = channel.basicGet(name, true);
                // what is on its way to the dead is not there yet
                if (got != null) {
                    bodies.add(new String(got.getBody(), UTF_8));
                }
            }
        }
        return bodies;
    }

    @Test
    void whatNobodyFinishes_endsAmongTheDead() throws Exception {
        assertThatWhatNobodyFinishes_endsAmongTheDead(21, prefix + ".dead");
    }

    @Test
    void interruptWhileWaiting_losesNothing() throws Exception {
        QueueEngine queue = node();
        FutureTask<List<Delivery>> waiting =
                new FutureTask<>(() -> queue.receive(Lane.WARM, 1, Duration.ofSeconds(60)));
        Thread thread = Thread.ofVirtual().start(waiting);
        Await.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        queue.send(Lane.WARM, List.of(message("later")));
        assertThat(receive(queue, Lane.WARM, 1)).hasSize(1);
    }

    @Test
    void queueThatSomebodyDeleted_isMadeAgain() throws Exception {
        QueueEngine queue = node();
        queue.send(Lane.WARM, List.of(message("gone")));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDelete(prefix + ".warm");
        }
        assertThatThrownBy(() -> queue.send(Lane.WARM, List.of(message("unrouted"))))
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining("no queue " + prefix + ".warm");
        queue.send(Lane.WARM, List.of(message("new")));
        assertThat(receive(queue, Lane.WARM, 1).getFirst().message().key()).isEqualTo("new");
    }

    @Test
    void brokerThatIsFull_isSaid_handsOutWhatItHas_andTakesMoreOnceThereIsRoom() throws Exception {
        QueueEngine queue = node();
        queue.send(Lane.WARM, List.of(message("before")));
        broker.full(true);
        try {
            Await.until("it is full", () -> refusal(queue).contains("it is full"));
            queue.acknowledge(receive(queue, Lane.WARM, 1));
        } finally {
            broker.full(false);
        }
        Await.until("there is room", () -> refusal(queue).isEmpty());
    }

    /** Empty: it was taken. */
    private static String refusal(QueueEngine queue) {
        try {
            queue.send(Lane.LATE, List.of(message("during")));
            return "";
        } catch (StorageFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void wrongPassword_isSaid_withoutThePassword() {
        try (QueueEngine queue = new RabbitQueue(
                new RabbitQueue.Place(broker.uri("guest", "not-the-password"), prefix, KEPT), InstantSource.system())) {
            assertThatThrownBy(queue::check)
                    .isInstanceOf(StorageFailure.class)
                    .hasMessageContaining("refuses the credentials")
                    .hasMessageContaining("127.0.0.1")
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("not-the-password"));
        }
    }

    @Test
    void certificateThatNobodyKnows_isRefused() throws Exception {
        try (SelfSignedServer stranger = SelfSignedServer.start(folder)) {
            String address = URI.create(stranger.url("/")).getAuthority();
            try (QueueEngine queue = new RabbitQueue(
                    new RabbitQueue.Place("amqps://guest:guest@" + address, prefix, KEPT), InstantSource.system())) {
                assertThatThrownBy(queue::check)
                        .isInstanceOf(StorageFailure.class)
                        .hasMessageContaining("TLS failed");
            }
        }
    }

    @Test
    void nobodyAtTheAddress_isSaid() {
        try (QueueEngine queue =
                new RabbitQueue(new RabbitQueue.Place("amqp://127.0.0.1:1", prefix, KEPT), InstantSource.system())) {
            assertThatThrownBy(queue::check).isInstanceOf(StorageFailure.class).hasMessageContaining("does not answer");
        }
    }
}
