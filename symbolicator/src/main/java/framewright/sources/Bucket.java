package framewright.sources;

import framewright.api.Outcome;
import framewright.fetch.StoreClient.Call;

/** A bucket of the settings that may be written to: how each thing is asked for, signed at the moment of asking. */
public interface Bucket {
    /** What may be done with an object. */
    enum Operation {
        READ,
        /** Whatever is there is replaced. */
        WRITE,
        /** Only where nothing is there; else the answer is 409 or 412. */
        CREATE,
        REMOVE
    }

    /** The request; fails where the settings or the credentials do not do. */
    Outcome<Call> call(Operation operation, String name) throws InterruptedException;

    /** Names it to people, without secrets. */
    String location();
}
