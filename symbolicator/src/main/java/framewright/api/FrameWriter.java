package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of {@link ResolvedFrame} on the wire. The hot path of an answer: thousands of frames, all names ready. */
final class FrameWriter {
    private static final SerializedString STATUS = new SerializedString("status");
    private static final SerializedString ORIGINAL_INDEX = new SerializedString("original_index");
    private static final SerializedString PLATFORM = new SerializedString("platform");
    private static final SerializedString ADDR_MODE = new SerializedString("addr_mode");
    private static final SerializedString INSTRUCTION_ADDR = new SerializedString("instruction_addr");
    private static final SerializedString ADJUST = new SerializedString("adjust_instruction_addr");
    private static final SerializedString FUNCTION_ID = new SerializedString("function_id");
    private static final SerializedString PACKAGE = new SerializedString("package");
    private static final SerializedString LANG = new SerializedString("lang");
    private static final SerializedString SYMBOL = new SerializedString("symbol");
    private static final SerializedString SYM_ADDR = new SerializedString("sym_addr");
    private static final SerializedString FUNCTION = new SerializedString("function");
    private static final SerializedString FILENAME = new SerializedString("filename");
    private static final SerializedString ABS_PATH = new SerializedString("abs_path");
    private static final SerializedString LINENO = new SerializedString("lineno");
    private static final SerializedString PRE_CONTEXT = new SerializedString("pre_context");
    private static final SerializedString CONTEXT_LINE = new SerializedString("context_line");
    private static final SerializedString POST_CONTEXT = new SerializedString("post_context");
    private static final SerializedString SOURCE_LINK = new SerializedString("source_link");
    private static final SerializedString IN_APP = new SerializedString("in_app");
    private static final SerializedString VARS = new SerializedString("vars");
    private static final SerializedString GENERATED = new SerializedString("generated");
    private static final SerializedString TRUST = new SerializedString("trust");
    private static final SerializedString NOTE = new SerializedString("note");

    private static final EnumMap<FrameStatus, SerializedString> STATUSES = new EnumMap<>(FrameStatus.class);
    private static final EnumMap<FrameTrust, SerializedString> TRUSTS = new EnumMap<>(FrameTrust.class);

    static {
        for (FrameStatus status : FrameStatus.values()) {
            STATUSES.put(status, new SerializedString(status.wireName()));
        }
        for (FrameTrust trust : FrameTrust.values()) {
            TRUSTS.put(trust, new SerializedString(trust.wireName()));
        }
    }

    private final JsonGenerator out;
    private final boolean causes;

    /** @param causes whether the answer tells what only our clients know */
    FrameWriter(JsonGenerator out, boolean causes) {
        this.out = out;
        this.causes = causes;
    }

    void write(ResolvedFrame frame) throws IOException {
        RawFrame raw = frame.raw();
        out.writeStartObject();
        out.writeFieldName(STATUS);
        out.writeString(STATUSES.get(frame.status()));
        out.writeFieldName(ORIGINAL_INDEX);
        out.writeNumber(frame.originalIndex());
        text(PLATFORM, raw.platform);
        if (frame.relativeTo() != RawFrame.ABSOLUTE) {
            out.writeFieldName(ADDR_MODE);
            out.writeString("rel:" + frame.relativeTo());
        }
        hex(INSTRUCTION_ADDR, frame.instructionAddr());
        flag(ADJUST, raw.adjustInstructionAddr);
        if (raw.hasFunctionId) {
            hex(FUNCTION_ID, raw.functionId);
        }
        if (frame.packageName() != null) {
            text(PACKAGE, frame.packageName());
        } else if (frame.status() == FrameStatus.UNKNOWN_IMAGE) {
            text(PACKAGE, raw.packageName);
        }
        SymbolFrame symbol = frame.symbol();
        if (symbol != null) {
            found(frame, symbol);
        } else {
            echoed(frame);
        }
        if (raw.trust != FrameTrust.NONE) {
            out.writeFieldName(TRUST);
            out.writeString(TRUSTS.get(raw.trust));
        }
        if (raw.note != null) {
            out.writeFieldName(NOTE);
            out.writeStartObject();
            out.writeStringField("code", raw.note.code());
            out.writeStringField("message", raw.note.message());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private void found(ResolvedFrame frame, SymbolFrame symbol) throws IOException {
        text(LANG, symbol.language());
        text(SYMBOL, symbol.symbol());
        if (symbol.symbolAddr() != SymbolFrame.NO_ADDRESS) {
            hex(SYM_ADDR, frame.imageAddr() + symbol.symbolAddr());
        }
        text(FUNCTION, symbol.function());
        if (symbol.filename() != null) {
            text(FILENAME, symbol.filename());
        } else {
            text(FILENAME, frame.raw().filename);
        }
        if (symbol.absPath() != null) {
            text(ABS_PATH, symbol.absPath());
        } else {
            text(ABS_PATH, frame.raw().absPath);
        }
        out.writeFieldName(LINENO);
        out.writeNumber(Integer.toUnsignedLong(symbol.line()));
        if (frame.source() != null) {
            source(frame.source());
        }
        if (symbol.variables() != null) {
            out.writeFieldName(VARS);
            out.writeRawValue(symbol.variables().value());
        }
        if (causes && symbol.generated() != null) {
            out.writeFieldName(GENERATED);
            out.writeStartObject();
            text(ABS_PATH, symbol.generated().absPath());
            out.writeFieldName(LINENO);
            out.writeNumber(Integer.toUnsignedLong(symbol.generated().line()));
            out.writeEndObject();
        }
    }

    private void echoed(ResolvedFrame frame) throws IOException {
        RawFrame raw = frame.raw();
        text(LANG, raw.language);
        text(SYMBOL, raw.symbol);
        if (raw.hasSymbolAddr) {
            hex(SYM_ADDR, raw.symbolAddr);
        }
        text(FUNCTION, raw.function);
        text(FILENAME, raw.filename);
        text(ABS_PATH, raw.absPath);
        if (raw.line >= 0) {
            out.writeFieldName(LINENO);
            out.writeNumber(raw.line);
        }
        if (frame.source() != null && frame.source().line() != null) {
            source(frame.source());
        } else {
            echoedSource(raw, frame.source());
        }
        flag(IN_APP, raw.inApp);
        if (raw.variables != null) {
            out.writeFieldName(VARS);
            out.writeStartObject();
            for (Map.Entry<String, String> variable : raw.variables.entrySet()) {
                out.writeStringField(variable.getKey(), variable.getValue());
            }
            out.writeEndObject();
        }
    }

    private void source(SourceLines source) throws IOException {
        lines(PRE_CONTEXT, source.before());
        text(CONTEXT_LINE, source.line());
        lines(POST_CONTEXT, source.after());
        text(SOURCE_LINK, source.link());
    }

    private void echoedSource(RawFrame raw, @Nullable SourceLines source) throws IOException {
        rawLines(PRE_CONTEXT, raw.preContext);
        text(CONTEXT_LINE, raw.contextLine);
        rawLines(POST_CONTEXT, raw.postContext);
        text(SOURCE_LINK, source == null ? raw.sourceLink : source.link());
    }

    private void lines(SerializedString name, List<JsonText> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.writeFieldName(name);
            out.writeStartArray();
            for (JsonText line : lines) {
                out.writeString(line.json());
            }
            out.writeEndArray();
        }
    }

    private void rawLines(SerializedString name, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            out.writeFieldName(name);
            out.writeStartArray();
            for (String line : lines) {
                out.writeString(line);
            }
            out.writeEndArray();
        }
    }

    private void text(SerializedString name, @Nullable JsonText value) throws IOException {
        if (value != null) {
            out.writeFieldName(name);
            out.writeString(value.json());
        }
    }

    private void text(SerializedString name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeFieldName(name);
            out.writeString(value);
        }
    }

    private void flag(SerializedString name, @Nullable Boolean value) throws IOException {
        if (value != null) {
            out.writeFieldName(name);
            out.writeBoolean(value);
        }
    }

    private void hex(SerializedString name, long value) throws IOException {
        out.writeFieldName(name);
        HexValue.write(out, value);
    }
}
