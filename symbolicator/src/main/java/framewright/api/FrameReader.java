package framewright.api;

import java.io.IOException;

/** The form of {@link RawFrame} on the wire. */
final class FrameReader {
    private static final String RELATIVE = "rel:";

    private FrameReader() {}

    static RawFrame read(JsonIn in) throws IOException {
        RawFrame frame = new RawFrame();
        boolean hasAddress = false;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "instruction_addr" -> {
                    frame.instructionAddr = in.hex();
                    hasAddress = true;
                }
                case "platform" -> frame.platform = in.text();
                case "addr_mode" -> frame.relativeTo = addressMode(in);
                case "adjust_instruction_addr" -> frame.adjustInstructionAddr = in.flag();
                case "function_id" -> {
                    frame.hasFunctionId = !in.isNull();
                    frame.functionId = in.isNull() ? 0 : in.hex();
                }
                case "package" -> frame.packageName = in.text();
                case "lang" -> frame.language = in.text();
                case "symbol" -> frame.symbol = in.text();
                case "sym_addr" -> {
                    frame.hasSymbolAddr = !in.isNull();
                    frame.symbolAddr = in.isNull() ? 0 : in.hex();
                }
                case "function" -> frame.function = in.text();
                case "filename" -> frame.filename = in.text();
                case "abs_path" -> frame.absPath = in.text();
                case "lineno" -> frame.line = in.u32();
                case "pre_context" -> frame.preContext = in.texts();
                case "context_line" -> frame.contextLine = in.text();
                case "post_context" -> frame.postContext = in.texts();
                case "source_link" -> frame.sourceLink = in.text();
                case "in_app" -> frame.inApp = in.flag();
                case "vars" -> frame.variables = in.textsByName();
                case "trust" -> frame.trust = trust(in);
                default -> in.skip();
            }
        }
        if (!hasAddress) {
            throw in.missing("instruction_addr");
        }
        return frame;
    }

    private static long addressMode(JsonIn in) throws IOException {
        String text = in.text();
        if (text == null || text.equals("abs")) {
            return RawFrame.ABSOLUTE;
        }
        if (text.startsWith(RELATIVE) && isIndex(text)) {
            return Long.parseLong(text, RELATIVE.length(), text.length(), 10);
        }
        throw in.invalid("must be \"abs\", or \"rel:\" and the position of a module");
    }

    /** Digits only, and few enough for a long; there are never so many modules. */
    private static boolean isIndex(String text) {
        int digits = text.length() - RELATIVE.length();
        if (digits == 0 || digits > 18) {
            return false;
        }
        for (int i = RELATIVE.length(); i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static FrameTrust trust(JsonIn in) throws IOException {
        String text = in.text();
        if (text == null) {
            return FrameTrust.NONE;
        }
        FrameTrust trust = FrameTrust.of(text);
        if (trust == null) {
            throw in.invalid("must be one of none, scan, cfiscan, fp, cfi, prewalked, context");
        }
        return trust;
    }
}
