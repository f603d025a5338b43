package framewright.nativecode;

import framewright.nativebridge.PortablePdbTable;

/** @param file lease on what the table reads from */
record OpenPortablePdb(PortablePdbTable table, Held file) implements AutoCloseable {
    @Override
    public void close() {
        table.close();
        file.close();
    }
}
