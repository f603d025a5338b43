package framewright.queue;

/**
 * A delivery that this node has.
 *
 * @param project as {@code organisation/project}, by what its key says
 * @param since when it came, in milliseconds
 */
record Held(Delivery delivery, String project, long since) {
    static Held of(Delivery delivery, long now) {
        String key = delivery.message().key();
        int end = key.lastIndexOf('/');
        return new Held(delivery, end < 0 ? "" : key.substring(0, end), now);
    }

    Lane lane() {
        return delivery.lane();
    }

    Message message() {
        return delivery.message();
    }
}
