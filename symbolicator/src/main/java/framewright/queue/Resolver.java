package framewright.queue;

import framewright.api.Answer;
import framewright.api.Envelope;

/** Resolves what an event holds. */
@FunctionalInterface
public interface Resolver {
    /**
     * @throws framewright.api.InvalidRequestException where the payload is of another form than its kind wants
     * @throws framewright.api.MalformedJsonException where it is no JSON and should be
     */
    Answer resolve(Envelope envelope) throws InterruptedException;
}
