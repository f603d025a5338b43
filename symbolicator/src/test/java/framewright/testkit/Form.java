package framewright.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The body of a {@code multipart/form-data} request. */
public final class Form {
    public static final String TYPE = "multipart/form-data; boundary=xxBOUNDARYxx";

    private static final String DELIMITER = "--xxBOUNDARYxx";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** Adds a field. */
    public Form field(String name, String value) {
        return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a file. */
    public Form file(String name, byte[] content) {
        return part("name=\"" + name + "\"; filename=\"a;b.dmp\"", content);
    }

    /** Adds a file of this name. */
    public Form file(String name, String filename, byte[] content) {
        return part("name=\"" + name + "\"; filename=\"" + filename + "\"", content);
    }

    private Form part(String parameters, byte[] content) {
        text(DELIMITER + "\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n");
        body.writeBytes(content);
        text("\r\n");
        return this;
    }

    private void text(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All of it; nothing can be added any more. */
    public byte[] bytes() {
        text(DELIMITER + "--\r\n");
        return body.toByteArray();
    }

    /** Without its end, as one that breaks off. */
    public byte[] cutOff() {
        return body.toByteArray();
    }
}
