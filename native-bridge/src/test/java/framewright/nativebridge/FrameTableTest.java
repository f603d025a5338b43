package framewright.nativebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Answers are written here by a small writer of its own, so that reader and writer cannot be wrong together. */
class FrameTableTest {
    private static final int MAGIC = 0x314C5746;

    /** Two addresses: the first with an inlined call and its function, the second with nothing. */
    private static byte[] twoRows() {
        byte[] strings = "_Zfmain.c".getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(32 + 16 + 2 * 64 + strings.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC)
                .putInt(2)
                .putInt(2)
                .putInt(2)
                .putInt(strings.length)
                .putInt(0)
                .putLong(0);
        out.putInt(0).putInt(2).putInt(2).putInt(0);
        row(out, -1, 7, 2);
        row(out, 0x1000, 9, 2);
        return out.put(strings).array();
    }

    private static void row(ByteBuffer out, long symbolAddress, int line, int language) {
        out.putLong(symbolAddress).putInt(line).putInt(language);
        out.putInt(0)
                .putInt(3)
                .putInt(2)
                .putInt(1)
                .putInt(3)
                .putInt(6)
                .putInt(-1)
                .putInt(0);
        out.putInt(0).putInt(2).putInt(3).putInt(0);
    }

    @Test
    void rows_areGroupedByAddress_innermostFirst() {
        FrameTable table = new FrameTable(twoRows());
        assertThat(table.addresses()).isEqualTo(2);
        assertThat(new int[] {table.start(0), table.start(1), table.start(2)}).containsExactly(0, 2, 2);
        assertThat(table.symbolAddress(0)).isEqualTo(-1);
        assertThat(table.symbolAddress(1)).isEqualTo(0x1000);
        assertThat(table.line(0)).isEqualTo(7);
        assertThat(table.language(1)).isEqualTo("cpp");
        assertThat(table.symbol(0)).isEqualTo("_Zf");
        assertThat(table.function(0)).isEqualTo("f");
        assertThat(table.path(0)).isEqualTo("main.c");
        assertThat(table.variables(0)).isNull();
        assertThat(table.pathId(0)).isEqualTo(3);
        assertThat(table.isGenerated(0)).isFalse();
    }

    @Property
    void damagedAnswer_isReportedAsBug_neverReadOutside(
            @ForAll @IntRange(max = 184) int where, @ForAll byte value, @ForAll @IntRange(max = 185) int length) {
        byte[] bytes = java.util.Arrays.copyOf(twoRows(), length);
        if (where < bytes.length) {
            bytes[where] = value;
        }
        assertThatCode(() -> readAll(bytes)).satisfies(FrameTableTest::isNothingOrBug);
    }

    private static void isNothingOrBug(Throwable thrown) {
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(NativeException.class);
        }
    }

    private static void readAll(byte[] bytes) {
        FrameTable table = new FrameTable(bytes);
        for (int address = 0; address < table.addresses(); address++) {
            for (int row = table.start(address); row < table.start(address + 1); row++) {
                table.symbol(row);
                table.function(row);
                table.path(row);
                table.variables(row);
                table.language(row);
                table.line(row);
            }
        }
    }
}
