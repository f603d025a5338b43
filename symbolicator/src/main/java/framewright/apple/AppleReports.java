package framewright.apple;

import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads reports of any form. An {@code .ips} file is a line of JSON that says what it is, then the report: JSON, or text
 * in files of older systems.
 */
public final class AppleReports {
    private static final int MAX_HEADER_BYTES = 64 << 10;

    private AppleReports() {}

    /**
     * Reads a report.
     *
     * @param extended whether to keep all that it says, such as the names that it has for frames
     * @return malformed or unsupported where it is no report, or none with stacks
     * @throws IOException where the file cannot be read
     */
    public static Outcome<AppleReport> read(Path file, boolean extended) throws IOException {
        try (PushbackInputStream in = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file)), 1)) {
            return read(in, extended);
        } catch (MalformedJsonException e) {
            return Outcome.failed(new Malformed("the report is not JSON: " + e.getMessage()));
        } catch (InvalidRequestException e) {
            return Outcome.failed(new Malformed("the report does not fit: " + e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (TooMuchException e) {
            return Outcome.failed(new Malformed(String.valueOf(e.getMessage())));
        }
    }

    private static Outcome<AppleReport> read(PushbackInputStream in, boolean extended) throws IOException {
        if (peek(in) != '{') {
            return new TextReport(extended).read(new Lines(in));
        }
        IpsHeader header = IpsHeader.read(firstLine(in));
        if (peek(in) != '{') {
            return new TextReport(extended).read(new Lines(in));
        }
        return switch (header.bugType()) {
            case "288", "298" -> Stackshot.read(in, header);
            default -> IpsReport.read(in, header, extended);
        };
    }

    /** The next byte that is no white space, still to be read; -1 at the end. */
    private static int peek(PushbackInputStream in) throws IOException {
        int next = in.read();
        while (next == ' '
                || next == '\t'
                || next == '\r'
                || next == '\n'
                || next == 0xEF
                || next == 0xBB
                || next == 0xBF) {
            next = in.read();
        }
        if (next >= 0) {
            in.unread(next);
        }
        return next;
    }

    private static byte[] firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            if (line.size() == MAX_HEADER_BYTES) {
                throw new TooMuchException(
                        "the first line of the report is longer than " + MAX_HEADER_BYTES + " bytes");
            }
            line.write(next);
        }
        return line.toByteArray();
    }
}
