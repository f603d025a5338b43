package framewright.queue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages as AMQP has them: the key is the message id, headers are headers. */
final class RabbitMessages {
    private static final int PERSISTENT = 2;

    /** Counted by quorum queues, from the second delivery on. */
    private static final String DELIVERY_COUNT = "x-delivery-count";

    private RabbitMessages() {}

    static BasicProperties properties(Message message) {
        return new BasicProperties.Builder()
                .messageId(message.key())
                .priority(message.priority())
                .deliveryMode(PERSISTENT)
                .headers(new LinkedHashMap<>(message.headers()))
                .build();
    }

    /** Others may send, too: what is not there is empty, and headers that are no text are left out. */
    static Message message(BasicProperties properties, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers(properties).forEach((name, value) -> {
            if (value instanceof LongString text) {
                headers.put(name, text.toString());
            }
        });
        @Nullable String key = properties.getMessageId();
        @Nullable Integer priority = properties.getPriority();
        return new Message(key == null ? "" : key, priority == null ? 0 : Math.clamp(priority, 0, 9), headers, body);
    }

    static int deliveries(BasicProperties properties) {
        return headers(properties).get(DELIVERY_COUNT) instanceof Number before ? before.intValue() + 1 : 1;
    }

    private static Map<String, Object> headers(BasicProperties properties) {
        @Nullable Map<String, Object> headers = properties.getHeaders();
        return headers == null ? Map.of() : headers;
    }
}
