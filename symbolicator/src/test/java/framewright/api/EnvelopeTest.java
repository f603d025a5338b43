package framewright.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static Envelope read(String json) {
        return Envelope.read(json.getBytes(UTF_8));
    }

    @Test
    void envelope_isReadWhole() {
        Envelope envelope = read("""
                {"version":1,"event_id":"e:1","organization":"o","project":"p","kind":"stack",
                 "payload":{"text":"at f","platform":"javascript","request":{"release":"1"}},
                 "created":"2026-11-26T10:00:00Z","deadline_ms":1500,"priority":7,"reply_to":"r",
                 "trace":{"traceparent":"00-1-2-01"},"of another version":[{}]}""");
        assertThat(envelope.key()).isEqualTo("o/p/e:1");
        assertThat(envelope.kind()).isEqualTo(EventKind.STACK);
        assertThat(envelope.created()).isEqualTo(Instant.parse("2026-11-26T10:00:00Z"));
        assertThat(envelope.deadlineMillis()).isEqualTo(1500);
        assertThat(envelope.priority()).isEqualTo(7);
        assertThat(envelope.replyTo()).isEqualTo("r");
        assertThat(envelope.trace()).isEqualTo(Map.of("traceparent", "00-1-2-01"));
        StackRequest stack = StackRequest.of(envelope.payload(), "at f");
        assertThat(stack.platform()).isEqualTo(StackRequest.Platform.JAVASCRIPT);
        assertThat(stack.body()).isEqualTo("{\"release\":\"1\",\"stack\":\"at f\"}");
    }

    @Test
    void whatIsAbsent_hasItsDefault() {
        Envelope envelope = read("{\"version\":1,\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{\"json\":{}}}");
        assertThat(envelope.key()).isEqualTo("default/default/e");
        assertThat(envelope.deadlineMillis()).isEqualTo(-1);
        assertThat(envelope.priority()).isZero();
        assertThat(envelope.replyTo()).isNull();
    }

    @Test
    void secretsOfAReference_areNotPrinted() {
        Envelope envelope = read(
                "{\"version\":1,\"event_id\":\"e\",\"kind\":\"apple\",\"payload\":{\"url\":\"https://h/?sig=s3cret\",\"token\":\"s3cret\"}}");
        assertThat(envelope.toString()).doesNotContain("s3cret");
    }

    @Test
    void whatCannotBe_isRefused_withItsPlace() {
        refuses("{\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{\"json\":{}}}", "$.version");
        refuses("{\"version\":9,\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{\"json\":{}}}", "is 9");
        refuses("{\"version\":1,\"kind\":\"native\",\"payload\":{\"json\":{}}}", "event_id");
        refuses("{\"version\":1,\"event_id\":\"a/b\",\"kind\":\"native\",\"payload\":{\"json\":{}}}", "$.event_id");
        refuses("{\"version\":1,\"event_id\":\"e\",\"payload\":{\"json\":{}}}", "kind");
        refuses("{\"version\":1,\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{}}", "$.payload");
        refuses("{\"version\":1,\"event_id\":\"e\",\"kind\":\"minidump\",\"payload\":{\"base64\":\"?\"}}", "base64");
        refuses(
                "{\"version\":1,\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{\"json\":{}},\"priority\":10}",
                "priority");
        refuses(
                "{\"version\":1,\"event_id\":\"e\",\"kind\":\"native\",\"payload\":{\"json\":{}},\"created\":\"now\"}",
                "created");
        refuses("[]", "$");
    }

    private static void refuses(String json, String place) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read(json))
                .withMessageContaining(place);
    }
}
