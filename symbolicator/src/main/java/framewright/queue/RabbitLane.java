package framewright.queue;

import static java.util.stream.Collectors.partitioningBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lane's queue. Whoever asks becomes its consumer, with as many messages as are wanted as the limit, and stops being it as
 * soon as some are here: so none is sent to a node that has not asked.
 */
final class RabbitLane {
    /** From this delivery on what is given back is sent anew instead, since the queue lets go what was delivered too often. */
    private static final int MANY = 10;

    /** The protocol's field has 16 bits. */
    private static final int LARGEST = 0xFFFF;

    private final Lane lane;
    private final String queue;
    private final RabbitConnection connection;
    private final RabbitSender sender;
    private final InHand<RabbitDelivery> inHand;

    /** Of those who receive. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Channel channel;

    RabbitLane(Lane lane, String queue, RabbitConnection connection, RabbitSender sender, InstantSource clock) {
        this.lane = lane;
        this.queue = queue;
        this.connection = connection;
        this.sender = sender;
        this.inHand = new InHand<>(clock);
    }

    /** As {@link QueueEngine#receive}. */
    List<Delivery> receive(int most, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        if (!lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            return List.of();
        }
        try {
            Channel on = channel();
            on.basicQos(Math.min(most, LARGEST));
            Incoming incoming = new Incoming(on);
            String tag = on.basicConsume(queue, false, incoming);
            return taken(incoming, tag, end);
        } catch (IOException | ShutdownSignalException e) {
            throw connection.failure("cannot be read", e);
        } finally {
            lock.unlock();
        }
    }

    private List<Delivery> taken(Incoming incoming, String tag, long end) throws IOException, InterruptedException {
        Came first = null;
        boolean waited = false;
        try {
            first = incoming.came.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            waited = true;
        } finally {
            incoming.stop(tag, waited);
        }
        List<Delivery> taken = new ArrayList<>();
        RabbitDelivery next = (first == null ? incoming.next() : first).delivery;
        while (next != null) {
            inHand.take(next);
            taken.add(next);
            next = incoming.next().delivery;
        }
        return taken;
    }

    /** @param delivery null: no more come */
    private record Came(@Nullable RabbitDelivery delivery) {}

    /** What comes, and the end of it as the last. Called by the library's threads. */
    private final class Incoming extends DefaultConsumer {
        final BlockingQueue<Came> came = new LinkedBlockingQueue<>();

        /** Nobody waits for them any more. */
        private volatile boolean unwanted;

        Incoming(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
                throws IOException {
            came.add(new Came(new RabbitDelivery(
                    lane,
                    RabbitMessages.message(properties, body),
                    RabbitMessages.deliveries(properties),
                    getChannel(),
                    envelope.getDeliveryTag())));
        }

        /** Not to be kept from it by an interrupt, since what has come must not be forgotten. */
        Came next() {
            boolean interrupted = false;
            while (true) {
                try {
                    Came next = came.take();
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return next;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }

        /**
         * After this come those that were on their way, and then the end.
         *
         * @param wanted else they go back: the wait was interrupted
         */
        void stop(String tag, boolean wanted) throws IOException {
            unwanted = !wanted;
            if (getChannel().isOpen()) {
                getChannel().basicCancel(tag);
            }
        }

        @Override
        public void handleCancelOk(String tag) {
            end();
        }

        /** The queue was deleted. */
        @Override
        public void handleCancel(String tag) {
            end();
        }

        @Override
        public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
            end();
        }

        private void end() {
            if (unwanted) {
                for (Came one : came) {
                    if (one.delivery != null) {
                        settle(one.delivery, false);
                    }
                }
            }
            came.add(new Came(null));
        }
    }

    private Channel channel() {
        if (channel == null || !channel.isOpen()) {
            // what came on it the broker delivers again
            channel = connection.open();
        }
        return channel;
    }

    void acknowledge(List<RabbitDelivery> deliveries) {
        deliveries.stream().filter(inHand::settle).forEach(delivery -> settle(delivery, true));
    }

    void release(List<RabbitDelivery> deliveries) {
        Map<Boolean, List<RabbitDelivery>> often = deliveries.stream()
                .filter(inHand::has)
                .collect(partitioningBy(delivery -> delivery.deliveries() >= MANY));
        List<RabbitDelivery> anew = often.getOrDefault(true, List.of());
        if (!anew.isEmpty()) {
            sender.send("", queue, anew.stream().map(RabbitDelivery::message).toList());
            acknowledge(anew);
        }
        giveBack(often.getOrDefault(false, List.of()));
    }

    private void giveBack(List<RabbitDelivery> deliveries) {
        deliveries.stream().filter(inHand::settle).forEach(delivery -> settle(delivery, false));
    }

    void renew(List<RabbitDelivery> deliveries) {
        deliveries.forEach(inHand::renew);
    }

    /** Gives back what is overdue. */
    void keep() {
        giveBack(inHand.overdue());
    }

    private static void settle(RabbitDelivery delivery, boolean done) {
        try {
            if (done) {
                delivery.channel().basicAck(delivery.tag(), false);
            } else {
                delivery.channel().basicNack(delivery.tag(), false, true);
            }
        } catch (AlreadyClosedException | IOException e) {
            // its channel is gone, and the broker delivers it again
        }
    }
}
