package framewright.apple;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.CrashFacts.SystemInfo;
import framewright.api.HexValue;
import framewright.api.Outcome;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports written for these tests, after what systems write. */
class AppleReportsTest {
    private static final String TEXT = """
            Incident Identifier: 5C32DF84-31A0-43E7-87D0-239F7F594940
            Hardware Model:      MacBookPro14,3
            Code Type:       ARM-64 (Native)
            Date/Time:       2023-05-06 07:08:09.1234 +0200
            OS Version:      Mac OS X 10.14.0 (18A391)

            Exception Type:  EXC_CRASH (SIGABRT)
            Exception Codes: 0x0, 0x0
            Exception Subtype: a subtype
            Termination Reason: SIGNAL 6

            Application Specific Information:
            *** Terminating app
              due to an exception

            Last Exception Backtrace:
            0   CoreFoundation    0x00000001a0001010 __exceptionPreprocess + 16
            1   App               0x0000000100001004 thrower (App.m:12)

            Thread 0 name:   Dispatch queue: com.apple.main-thread
            Thread 0 Crashed:
            0   Name With Spaces  0x0000000100002000 0x100000000 + 8192
            1   ???               0x0000000054485244 0x0 + 0

            Thread 7:: worker
            0   App               0x0000000100003000 work + 4

            Thread 0 crashed with ARM Thread State (64-bit):
                x0: 0x0000000000000001   x1: 0x00000000000000ff
                fp: 0x000000016fdff000   pc: 0x0000000100002000 cpsr: 0x60000000

            Binary Images:
                   0x100000000 -        0x100007fff +Name With Spaces arm64 (1.0 - 2) <2d903291397d3d14bfca52c7fb8c5e00> /Applications/A B.app/A B
            0x1a0000000 - 0x1a00fffff CoreFoundation arm64e  <6DECCEE4-A052-3EA4-BB67-957B06F53AD1> /System/CoreFoundation
                           0x0 - 0xffffffffffffffff ??? (*) <00000000-0000-0000-0000-000000000000> ???
            """;

    private static final String IPS = """
            {"bug_type":"309","os_version":"iPhone OS 17.1.2 (21B101)","name":"App","timestamp":"2024-01-25 19:25:26.00 -0500"}
            {
              "captureTime" : "2024-01-25 19:25:25.7990 -0500",
              "modelCode" : "iPhone11,8",
              "cpuType" : "ARM-64",
              "osVersion" : {"train":"iPhone OS 17.1.2","build":"21B101"},
              "exception" : {"codes":"0x1, 0x8","type":"EXC_BAD_ACCESS","signal":"SIGSEGV","subtype":"KERN_INVALID_ADDRESS at 0x8"},
              "asi" : {"libsystem_c.dylib":["abort() called"],"other":["two\\n"]},
              "termination" : {"code":11,"namespace":"SIGNAL"},
              "faultingThread" : 1,
              "lastExceptionBacktrace" : [{"imageOffset":16,"symbol":"__exceptionPreprocess","imageIndex":1}],
              "threads" : [
                {"id":1,"queue":"com.apple.main-thread","frames":[{"imageOffset":4096,"imageIndex":0}]},
                {"triggered":true,"id":2,"name":"worker","threadState":{"x":[{"value":1},{"value":18446744073709551615}],
                 "flavor":"ARM_THREAD_STATE64","pc":{"value":4294975488,"matchesCrashFrame":1}},
                 "frames":[{"imageOffset":8192,"imageIndex":0,"symbol":"inlinee","inline":true},
                           {"imageOffset":8192,"imageIndex":0,"symbol":"outer","sourceFile":"a.swift","sourceLine":7},
                           {"imageOffset":4096,"imageIndex":2},
                           {"imageOffset":5,"imageIndex":99}]}],
              "usedImages" : [
                {"source":"P","arch":"arm64","base":4294967296,"size":32768,"uuid":"2d903291-397d-3d14-bfca-52c7fb8c5e00","path":"/App.app/App","name":"App"},
                {"source":"S","arch":"arm64e","base":6979321856,"size":65536,"uuid":"6deccee4-a052-3ea4-bb67-957b06f53ad1","path":"/System/CoreFoundation"},
                {"source":"A","base":0,"size":0,"uuid":"00000000-0000-0000-0000-000000000000"}],
              "sharedCache" : {"base":6979321856,"size":3,"uuid":"6deccee4-a052-3ea4-bb67-957b06f53ad1"}
            }
            """;

    @TempDir
    private Path folder;

    private Outcome<AppleReport> outcome(byte[] report, boolean extended) throws IOException {
        return AppleReports.read(Files.write(folder.resolve("report"), report), extended);
    }

    private AppleReport read(String report, boolean extended) throws IOException {
        Outcome<AppleReport> outcome = outcome(report.getBytes(UTF_8), extended);
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<AppleReport>) outcome).value();
    }

    private String failure(String report) throws IOException {
        Outcome<AppleReport> outcome = outcome(report.getBytes(UTF_8), false);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<AppleReport>) outcome).failure().describe();
    }

    private static List<String> addresses(RawStacktrace stack) {
        return stack.frames().stream()
                .map(frame -> HexValue.text(frame.instructionAddr))
                .toList();
    }

    // ---------------------------------------------------------------- text

    @Test
    void text_facts_areThoseOfThePeer_andTimesMayHaveFractions() throws IOException {
        AppleReport report = read(TEXT, false);
        assertThat(report.facts().timestamp()).isEqualTo(1683349689L);
        assertThat(report.facts().system())
                .isEqualTo(new SystemInfo("macOS", "10.14.0", "18A391", "arm64", "MacBookPro14,3"));
        assertThat(report.facts().reason()).isEqualTo("EXC_CRASH (SIGABRT)");
        assertThat(report.facts().details()).isEqualTo("*** Terminating app\n  due to an exception");
        assertThat(report.facts().crashed()).isTrue();
        assertThat(report.facts().extended()).isNull();
    }

    @Test
    void text_threads_haveNamesAndRegisters_thenComesTheExceptionsBacktrace() throws IOException {
        List<RawStacktrace> stacks = read(TEXT, false).stacktraces();
        assertThat(stacks).extracting(RawStacktrace::threadId).containsExactly(0L, 7L, null);
        assertThat(stacks)
                .extracting(RawStacktrace::threadName)
                .containsExactly("Dispatch queue: com.apple.main-thread", "worker", "Last Exception Backtrace");
        assertThat(stacks).extracting(RawStacktrace::isRequesting).containsExactly(true, false, false);
        assertThat(stacks.getFirst().registers())
                .containsEntry("x1", 0xffL)
                .containsEntry("pc", 0x1_0000_2000L)
                .hasSize(5);
        assertThat(stacks.get(1).registers()).isEmpty();
        assertThat(addresses(stacks.getFirst())).containsExactly("0x100002000", "0x54485244");
        assertThat(stacks.getFirst().frames())
                .extracting(frame -> frame.packageName)
                .containsExactly("Name With Spaces", null);
        RawFrame thrown = stacks.getLast().frames().getFirst();
        assertThat(thrown.adjustInstructionAddr).as("a return address").isTrue();
        assertThat(thrown.function).isNull();
    }

    @Test
    void text_images_areModules_withTheSizeThatThePeerGives() throws IOException {
        List<RawModule> modules = read(TEXT, false).modules();
        assertThat(modules).hasSize(3);
        RawModule app = modules.getFirst();
        assertThat(app.codeFile()).isEqualTo("/Applications/A B.app/A B");
        assertThat(app.debugFile()).isEqualTo(app.codeFile());
        assertThat(app.debugId()).hasToString("2d903291-397d-3d14-bfca-52c7fb8c5e00");
        assertThat(app.codeId()).hasToString("2d903291397d3d14bfca52c7fb8c5e00");
        assertThat(app.imageSize()).isEqualTo(0x7fff);
        assertThat(modules.get(1).debugId()).hasToString("6deccee4-a052-3ea4-bb67-957b06f53ad1");
        assertThat(modules.getLast().debugId()).isNull();
    }

    @Test
    void text_extended_keepsTheReportsOwnNames() throws IOException {
        AppleReport report = read(TEXT, true);
        RawFrame thrown = report.stacktraces().getLast().frames().getLast();
        assertThat(thrown.function).isEqualTo("thrower");
        assertThat(thrown.filename).isEqualTo("App.m");
        assertThat(thrown.line).isEqualTo(12);
        assertThat(report.stacktraces().getFirst().frames().getFirst().function).isNull();
        assertThat(report.facts().extended()).contains("\"termination_reason\":\"SIGNAL 6\"");
    }

    @Test
    void text_withoutInformation_tellsTheSubtype_orTheCodes() throws IOException {
        String without = TEXT.replace("Application Specific Information:", "Filtered syslog:");
        assertThat(read(without, false).facts().details()).isEqualTo("a subtype");
        assertThat(read(without.replace("Exception Subtype", "x"), false)
                        .facts()
                        .details())
                .isEqualTo("0x0, 0x0");
    }

    @Test
    void text_ofOlderSystems_hasAHeaderOfJson_andBacktracesOfAddresses() throws IOException {
        AppleReport report = read("""
                {"bug_type":"109","name":"App"}
                Exception Type:  EXC_CRASH
                OS Version:      iPhone OS 10.3.3 (14G60)
                Last Exception Backtrace:
                (0x18 0x1c 0xzz 0xffffffffffffffff)
                """, false);
        assertThat(addresses(report.stacktraces().getFirst())).containsExactly("0x18", "0x1c", "0xffffffffffffffff");
        assertThat(Objects.requireNonNull(report.facts().system()).osName()).isEqualTo("iPhone OS 10.3.3 (14G60)");
    }

    // ---------------------------------------------------------------- JSON

    @Test
    void ips_facts_areThoseOfTheTextForm() throws IOException {
        AppleReport report = read(IPS, false);
        assertThat(report.facts().timestamp()).isEqualTo(1706228725L);
        assertThat(report.facts().system()).isEqualTo(new SystemInfo("iOS", "17.1.2", "21B101", "arm64", "iPhone11,8"));
        assertThat(report.facts().reason()).isEqualTo("EXC_BAD_ACCESS (SIGSEGV)");
        assertThat(report.facts().details()).isEqualTo("abort() called\ntwo");
    }

    @Test
    void ips_frames_countFromTheirImages_andInlinedOnesAreLeftToResolving() throws IOException {
        List<RawStacktrace> stacks = read(IPS, false).stacktraces();
        assertThat(stacks).extracting(RawStacktrace::threadId).containsExactly(0L, 1L, null);
        assertThat(stacks)
                .extracting(RawStacktrace::threadName)
                .containsExactly("Dispatch queue: com.apple.main-thread", "worker", "Last Exception Backtrace");
        assertThat(stacks).extracting(RawStacktrace::isRequesting).containsExactly(false, true, false);
        assertThat(addresses(stacks.get(1))).containsExactly("0x100002000", "0x1000", "0x5");
        assertThat(stacks.get(1).frames()).allSatisfy(frame -> {
            assertThat(frame.relativeTo).isEqualTo(RawFrame.ABSOLUTE);
            assertThat(frame.function).isNull();
        });
        assertThat(stacks.get(1).registers())
                .containsEntry("x1", -1L)
                .containsEntry("pc", 0x1_0000_2000L)
                .hasSize(3);
        assertThat(addresses(stacks.getLast())).containsExactly("0x1a0000010");
    }

    @Test
    void ips_images_thatAreSomewhere_areModules() throws IOException {
        List<RawModule> modules = read(IPS, false).modules();
        assertThat(modules).extracting(RawModule::codeFile).containsExactly("/App.app/App", "/System/CoreFoundation");
        assertThat(modules).extracting(RawModule::imageSize).containsExactly(32768L, 65536L);
    }

    @Test
    void ips_extended_keepsNamesAndTheRest() throws IOException {
        AppleReport report = read(IPS, true);
        RawFrame outer = report.stacktraces().get(1).frames().getFirst();
        assertThat(outer.function).isEqualTo("outer");
        assertThat(outer.filename).isEqualTo("a.swift");
        assertThat(outer.line).isEqualTo(7);
        assertThat(report.facts().extended()).contains("\"sharedCache\":{\"base\":", "\"namespace\":\"SIGNAL\"");
    }

    @Test
    void ips_thatNamesTheThreadByItsPlaceOnly_hasItCrashed() throws IOException {
        List<RawStacktrace> stacks =
                read(IPS.replace("\"triggered\":true,", ""), false).stacktraces();
        assertThat(stacks).extracting(RawStacktrace::isRequesting).containsExactly(false, true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"288", "298"})
    void stackshot_givesTheProcessThatItIsNamedAfter(String bugType) throws IOException {
        String shot = """
                {"bug_type":"%s","name":"App","os_version":"iPhone OS 15.5 (19F77)"}
                {"product":"iPhone12,1","date":"2022-06-13 13:13:39.12 +0800","frontmostPids":[9],
                 "processByPid":{
                  "7":{"procname":"App","threadById":{"70":{"name":"ui","userFrames":[[0,16],[0,32,1]]},"x":{}}},
                  "9":{"procname":"Other","threadById":{"90":{"userFrames":[[0,48]]}}}},
                 "binaryImages":[["2d903291-397d-3d14-bfca-52c7fb8c5e00",4096,"P"]]}
                """.formatted(bugType);
        AppleReport report = read(shot, false);
        assertThat(report.stacktraces()).hasSize(2);
        assertThat(addresses(report.stacktraces().getFirst())).containsExactly("0x1010", "0x1020");
        assertThat(report.facts().crashed()).isFalse();
        assertThat(addresses(read(shot.replace("\"name\":\"App\"", "\"name\":\"\""), false)
                        .stacktraces()
                        .getFirst()))
                .containsExactly("0x1030");
    }

    // ---------------------------------------------------------------- what is none

    @Test
    void filesThatAreNoReport_areRefusedWithAReason() throws IOException {
        assertThat(failure("")).contains("no field, thread or image");
        assertThat(failure("hello\nworld")).contains("no field, thread or image");
        assertThat(failure("{\"a\":")).contains("is not JSON");
        assertThat(failure("{}\n{\"threads\":[7]}")).contains("does not fit: $.threads[0]");
        assertThat(failure("{\"bug_type\":\"298\"}\n{}")).contains("bug type 298");
        assertThat(failure("{\"x\":\"" + "x".repeat(70_000))).contains("first line");
        assertThat(failure("{}\n" + "[".repeat(100_000))).isNotEmpty();
        assertThat(failure("{}\n{\"x\":" + "[".repeat(100_000))).contains("is not JSON");
        assertThat(failure("Thread 1:\n".repeat(20_001))).isEqualTo("the report has more than 20000 threads");
        assertThat(failure("Thread 0:\n" + "0 a 0x1 b\n".repeat(250_001)))
                .isEqualTo("the report has more than 250000 frames");
        assertThat(failure("Binary Images:\n" + "0x1 - 0x2 a <1> b\n".repeat(20_001)))
                .isEqualTo("the report has more than 20000 images");
    }

    @Test
    void reports_cutAnywhere_areReadOrRefused() throws IOException {
        for (String report : List.of(TEXT, IPS)) {
            byte[] whole = report.getBytes(UTF_8);
            for (int length = 0; length <= whole.length; length += 7) {
                assertThat(outcome(Arrays.copyOf(whole, length), true)).isNotNull();
            }
        }
    }

    @Test
    void lines_thatAreAlmostOnes_areNone() {
        for (String line :
                List.of("0 a", "0 a 0x", "0 a 0x12345678901234567 b", "a b 0x1 c", "0  0x1 c", "0 a 0x1c, b")) {
            assertThat(TextLine.frame(line, true)).as(line).isNull();
        }
        for (String line : List.of("0x1 - 0x2 a", "0x1 0x2 <1>", "- 0x2 <1>", "0x1 - <1>", "0x1 - 0x2 >a<")) {
            assertThat(TextLine.image(line)).as(line).isNull();
        }
    }
}
