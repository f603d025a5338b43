package framewright.api;

/** Where a file was found. */
public sealed interface JsOrigin {
    /** Uploaded on its own. */
    record IndividualFile(String uri) implements JsOrigin {}

    /** On the web. */
    record ScrapedFile(String uri) implements JsOrigin {}

    /** In a bundle, by this key. */
    record Bundled(String uri, JsFileKey key) implements JsOrigin {}

    /** In a {@code data:} URL of the script. */
    record Embedded() implements JsOrigin {}
}
