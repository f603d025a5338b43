package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.debugfiles.ObjectType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DartTraceTest {
    private static final String HEADER = "*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***\n";

    private static final String ANDROID = """
            Unhandled exception: boom
            """ + HEADER + """
            pid: 11, tid: 2012, name io.flutter.1.ui
            os: android arch: arm64 comp: yes sim: no
            build_id: 'e455967d8486b97ed5cc410fb1e491599a7b7e31'
            isolate_dso_base: 55b8d7940000, vm_dso_base: 55b8d7940000
            isolate_instructions: 55b8d7941000, vm_instructions: 55b8d7941000
                #00 abs 000055b8d7941204 virt 0000000000001204 _kDartIsolateSnapshotInstructions+0x204
            <asynchronous suspension>
                #01 abs 000055b8d794119a virt 000000000000119a _kDartIsolateSnapshotInstructions+0x19a
            """;

    @Test
    void traceOfAndroid_namesTheElfFileAndTheAddressesOfCalls() {
        DartTrace trace = DartTrace.parse(ANDROID, 100);
        RawModule module = trace.modules().getFirst();
        assertThat(module.type()).isEqualTo(ObjectType.ELF);
        assertThat(module.imageAddr()).isEqualTo(0x55b8d7940000L);
        assertThat(module.codeId()).hasToString("e455967d8486b97ed5cc410fb1e491599a7b7e31");
        assertThat(module.debugId()).hasToString("7d9655e4-8684-7eb9-d5cc-410fb1e49159");
        RawStacktrace stack = trace.stacktraces().getFirst();
        assertThat(stack.threadId()).isEqualTo(2012);
        assertThat(stack.threadName()).isEqualTo("io.flutter.1.ui");
        assertThat(stack.frames())
                .extracting(frame -> frame.instructionAddr)
                .containsExactly(0x55b8d7941204L, 0x55b8d794119aL);
        assertThat(stack.frames()).allMatch(frame -> Boolean.FALSE.equals(frame.adjustInstructionAddr));
    }

    @Test
    void traceOfIos_namesTheImageByItsUuid() {
        DartTrace trace = DartTrace.parse(HEADER + """
                os: ios arch: arm64 comp: no sim: no
                build_id: '16deae896cb636c1b5ba4a2a4ba4d9e6'
                isolate_dso_base: 10fa20000, vm_dso_base: 10fa20000
                #00 abs 000000010fc0a2f5 _kDartIsolateSnapshotInstructions+0x1e3285
                """, 100);
        assertThat(trace.modules().getFirst().type()).isEqualTo(ObjectType.MACHO);
        assertThat(trace.modules().getFirst().debugId()).hasToString("16deae89-6cb6-36c1-b5ba-4a2a4ba4d9e6");
    }

    @Test
    void traceOfAnOldRuntime_isLoadedWhereItsVirtualAddressesSay() {
        DartTrace trace = DartTrace.parse(HEADER + "#00 abs 7000001234 virt 1234 _kDartIsolate+0x4\n", 100);
        assertThat(trace.modules().getFirst().imageAddr()).isEqualTo(0x7000000000L);
    }

    @Test
    void tracesInALog_areReadBehindWhatTheLogPutsBeforeThem_andShareTheirModule() {
        String log =
                ANDROID.lines().map(line -> "E/flutter ( 1234): " + line + "\n").reduce("", String::concat);
        DartTrace trace = DartTrace.parse(log + "I/other: nothing\n" + log, 100);
        assertThat(trace.stacktraces()).hasSize(2);
        assertThat(trace.modules()).hasSize(1);
    }

    @Test
    void frames_aboveTheLimit_areLeftOut() {
        assertThat(DartTrace.parse(ANDROID, 1).stacktraces().getFirst().frames())
                .hasSize(1);
    }

    @Property
    void anyText_isReadWithoutFailing(@ForAll String text) {
        assertThat(DartTrace.parse(text, 10).stacktraces().size()).isLessThanOrEqualTo(10);
        assertThat(DartTrace.parse(HEADER + text + "\n#00 abs 1 x+0x1", 10).stacktraces())
                .isNotEmpty();
    }
}
