package framewright.nativebridge;

/** Answers addresses with frames, from a converted table or straight from a debug file; both give the same. */
public sealed interface AddressTable extends AutoCloseable permits LookupTable, UnconvertedObject {
    /** CPU architecture, as the peer names it ({@code x86_64}, {@code arm64}, ...). */
    String arch();

    /**
     * @param addresses relative to the start of the image
     * @return the frames, or why the file cannot be read
     */
    NativeResult<FrameTable> lookup(long[] addresses);

    @Override
    void close();
}
