package framewright.nativecode;

import framewright.nativebridge.ProguardTable;

/**
 * A JVM mapping that is ready to be asked.
 *
 * @param file lease on what the table reads from
 */
public record OpenProguard(ProguardTable table, Held file) implements AutoCloseable {
    boolean isIntact() {
        return file.isIntact();
    }

    @Override
    public void close() {
        table.close();
        file.close();
    }
}
