package framewright.queue;

import com.rabbitmq.client.Channel;

/** A message with the channel on which alone it can be settled. Equal to itself only. */
final class RabbitDelivery implements Delivery {
    private final Lane lane;
    private final Message message;
    private final int deliveries;
    private final Channel channel;
    private final long tag;

    RabbitDelivery(Lane lane, Message message, int deliveries, Channel channel, long tag) {
        this.lane = lane;
        this.message = message;
        this.deliveries = deliveries;
        this.channel = channel;
        this.tag = tag;
    }

    Channel channel() {
        return channel;
    }

    /** Its number on the channel. */
    long tag() {
        return tag;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int deliveries() {
        return deliveries;
    }
}
