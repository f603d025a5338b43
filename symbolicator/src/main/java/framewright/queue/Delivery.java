package framewright.queue;

/**
 * A message in the hands of this node, until it is settled or its lease is over. Equal to itself only: each engine has
 * its own, which it takes back.
 */
public interface Delivery {
    Lane lane();

    Message message();

    /** How often it was handed out, this time included; 0 where the engine does not count. */
    int deliveries();
}
