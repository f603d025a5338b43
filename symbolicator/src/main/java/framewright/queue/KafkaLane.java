package framewright.queue;

import java.time.Duration;
import java.util.List;

/** A lane's topic, and who reads it here. */
sealed interface KafkaLane extends AutoCloseable permits ShareLane, ClassicLane {
    /** As {@link QueueEngine#receive}. */
    List<Delivery> receive(int most, Duration wait) throws InterruptedException;

    /** To be called each {@link InHand#LOOK}. */
    void keep();

    /** Gives back what is in hand. */
    @Override
    void close();
}
