package framewright.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;

/**
 * A lane that is read as members of a share group, its hands. A member takes nothing new before all that it took is
 * settled, and takes as many at once as it was made for: so there is one for each batch that is being worked on, of sizes
 * that are powers of four.
 *
 * <p>A member that found nothing goes on asking on a thread of its own, and may get something that nobody has asked for: so
 * the next who asks goes on with that one, and where nobody does it is closed, which gives back what it has got.
 */
final class ShareLane implements KafkaLane {
    /** Members of the group by one node. Brokers take 200 of a group if not told otherwise. */
    private static final int HANDS = 16;

    private static final int LARGEST = 256;

    private final Lane lane;
    private final String topic;
    private final KafkaClients clients;
    private final KafkaSender sender;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Set<ShareHand> all = new HashSet<>();

    /** Those that have nothing, and that nobody is just asking. */
    private final Set<ShareHand> idle = new HashSet<>();

    /** Those of them that had nothing at the last look, either. */
    private final Set<ShareHand> unused = new HashSet<>();

    private final Set<ShareHand> asked = new HashSet<>();

    ShareLane(Lane lane, String topic, KafkaClients clients, KafkaSender sender, InstantSource clock) {
        this.lane = lane;
        this.topic = topic;
        this.clients = clients;
        this.sender = sender;
        this.clock = clock;
    }

    @Override
    public List<Delivery> receive(int most, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        Optional<ShareHand> hand = reserve(most, end);
        if (hand.isEmpty()) {
            return List.of();
        }
        try {
            return hand.get().poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } finally {
            lock.lock();
            try {
                asked.remove(hand.get());
            } finally {
                lock.unlock();
            }
            giveBack(hand.get());
        }
    }

    /** Nothing where none came free in time. */
    private Optional<ShareHand> reserve(int most, long end) throws InterruptedException {
        int fitting = Math.min(LARGEST, 1 << (31 - Integer.numberOfLeadingZeros(most) & ~1));
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<ShareHand> free = fetching(most).or(() -> largest(fitting));
                boolean fits = free.isPresent()
                        && (free.get().isFetching() || free.get().size() == fitting);
                if (!fits && all.size() < HANDS) {
                    free = Optional.of(open(fitting));
                    all.add(free.get());
                }
                if (free.isPresent()) {
                    idle.remove(free.get());
                    unused.remove(free.get());
                    asked.add(free.get());
                    return free;
                }
                if (!idle.isEmpty()) {
                    // too large, all of them
                    drop(idle.iterator().next());
                    continue;
                }
                long left = end - System.nanoTime();
                if (left <= 0 || !freed.await(left, TimeUnit.NANOSECONDS)) {
                    return Optional.empty();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever may have something already; of several one stays, since the others would take from it what comes. */
    private Optional<ShareHand> fetching(int most) {
        Optional<ShareHand> kept = Optional.empty();
        for (ShareHand hand : List.copyOf(idle)) {
            if (hand.isFetching() && hand.size() <= most && kept.isEmpty()) {
                kept = Optional.of(hand);
            } else if (hand.isFetching()) {
                drop(hand);
            }
        }
        return kept;
    }

    private Optional<ShareHand> largest(int most) {
        return idle.stream().filter(hand -> hand.size() <= most).max(Comparator.comparingInt(ShareHand::size));
    }

    private ShareHand open(int size) {
        try {
            return new ShareHand(lane, topic, size, this, clients, sender, clock);
        } catch (KafkaException e) {
            throw clients.failure("cannot be read", e);
        }
    }

    /** Where it has nothing any more it is free for the next. */
    void giveBack(ShareHand hand) {
        lock.lock();
        try {
            if (hand.isLost()) {
                drop(hand);
            } else if (all.contains(hand) && !asked.contains(hand) && hand.isEmpty()) {
                idle.add(hand);
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void drop(ShareHand hand) {
        idle.remove(hand);
        unused.remove(hand);
        if (all.remove(hand)) {
            Thread.ofVirtual().name("kafka-close").start(hand::close);
        }
    }

    @Override
    public void keep() {
        List<ShareHand> busy;
        lock.lock();
        try {
            List.copyOf(unused).forEach(this::drop);
            unused.addAll(idle);
            busy = all.stream()
                    .filter(hand -> !idle.contains(hand) && !asked.contains(hand))
                    .toList();
        } finally {
            lock.unlock();
        }
        busy.forEach(ShareHand::keep);
    }

    @Override
    public void close() {
        List<ShareHand> open;
        lock.lock();
        try {
            open = List.copyOf(all);
            all.clear();
            idle.clear();
        } finally {
            lock.unlock();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(hand -> threads.execute(hand::close));
        }
    }
}
