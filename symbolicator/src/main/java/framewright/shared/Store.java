package framewright.shared;

import framewright.api.Outcome;
import framewright.fetch.StoreClient.Body;
import java.io.IOException;
import java.io.InputStream;

/**
 * Objects by name. Failures of the other side are values; {@link Outcome.Missing} is an object that is not there. What
 * was written is whole or absent.
 */
interface Store extends AutoCloseable {
    /** Makes something of an object's bytes. */
    @FunctionalInterface
    interface Reader<T> {
        /** @throws IOException reading failed; a failure of anything else must be another exception */
        T read(InputStream in) throws IOException;
    }

    /** Hands an object to {@code reader}. */
    <T> Outcome<T> read(String name, Reader<T> reader) throws InterruptedException;

    /** Writes an object where there is none of this name; false where there is one. */
    Outcome<Boolean> create(String name, Body body) throws InterruptedException;

    /** Writes an object in place of what is there. */
    Outcome<Boolean> write(String name, Body body) throws InterruptedException;

    /** Removes an object; true also for one that was not there, where the store does not tell. */
    Outcome<Boolean> remove(String name) throws InterruptedException;

    /** Names the store to people, without secrets. */
    String location();

    @Override
    void close();
}
