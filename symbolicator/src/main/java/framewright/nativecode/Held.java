package framewright.nativecode;

/** Something that stays usable until it is given back. */
@FunctionalInterface
interface Held extends AutoCloseable {
    @Override
    void close();
}
