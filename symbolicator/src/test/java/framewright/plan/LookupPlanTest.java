package framewright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.FrameOrder;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import framewright.api.Scraping;
import framewright.api.SymbolicateOptions;
import framewright.api.SymbolicateRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LookupPlanTest {
    private static final List<String> ARCHS = List.of(
            "x86",
            "x86_64",
            "arm",
            "armv7k",
            "arm64",
            "arm64e",
            "arm64_32",
            "ppc",
            "ppc64",
            "mips",
            "mips64",
            "wasm32",
            "unknown");

    static RawFrame at(long address) {
        RawFrame frame = new RawFrame();
        frame.instructionAddr = address;
        return frame;
    }

    static RawFrame relative(long module, long address) {
        RawFrame frame = at(address);
        frame.relativeTo = module;
        return frame;
    }

    private static RawFrame adjusted(long address, @Nullable Boolean adjust) {
        RawFrame frame = at(address);
        frame.adjustInstructionAddr = adjust;
        return frame;
    }

    private static SymbolicateRequest request(
            FrameOrder order,
            @Nullable Long signal,
            Map<String, Long> registers,
            List<RawModule> modules,
            RawFrame... frames) {
        RawStacktrace stack = new RawStacktrace(null, null, null, new TreeMap<>(registers), Arrays.asList(frames));
        return new SymbolicateRequest(
                null,
                signal,
                null,
                List.of(stack),
                modules,
                List.of(),
                new SymbolicateOptions(false, true, order, false, false),
                Scraping.DEFAULT);
    }

    private static LookupPlan plan(List<RawModule> modules, RawFrame... frames) {
        return new LookupPlan(request(FrameOrder.CALLEE_FIRST, null, Map.of(), modules, frames));
    }

    private static List<RawModule> one(long addr) {
        return List.of(ModuleIndexTest.module(addr, 0x10000L));
    }

    private static List<Long> addresses(LookupPlan plan, int count) {
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(plan.address(i));
        }
        return addresses;
    }

    @Test
    void equal_addresses_are_asked_once() {
        LookupPlan plan = plan(one(0x1000), at(0x1009), at(0x1010), at(0x1005), at(0x1010));
        assertThat(plan.batch(0, "x86_64")).containsExactly(0x4, 0x9, 0xf);
        assertThat(addresses(plan, 4)).containsExactly(0x9L, 0xfL, 0x4L, 0xfL);
    }

    @Test
    void only_modules_that_a_frame_points_into_are_referenced() {
        LookupPlan plan = plan(
                List.of(ModuleIndexTest.module(0x1000, 0x10L), ModuleIndexTest.module(0x2000, 0x10L)),
                at(0x2004),
                at(0x9000));
        assertThat(plan.isReferenced(0)).isFalse();
        assertThat(plan.isReferenced(1)).isTrue();
        assertThat(plan.framesOf(1)).containsExactly(0);
        assertThat(plan.moduleOf(1)).isEqualTo(ModuleIndex.NO_MODULE);
    }

    @Test
    void a_relative_frame_belongs_to_the_module_it_names_without_a_check_of_range() {
        LookupPlan plan = plan(one(0x1000), relative(0, 0x900000), relative(1, 0), relative(Long.MAX_VALUE, 0));
        assertThat(plan.moduleOf(0)).isZero();
        assertThat(plan.moduleOf(1)).isEqualTo(ModuleIndex.NO_MODULE);
        assertThat(plan.moduleOf(2)).isEqualTo(ModuleIndex.NO_MODULE);
        assertThat(plan.batch(0, "x86_64")).containsExactly(0x900000);
    }

    @Test
    void in_an_image_at_0_relative_frames_are_exact_and_absolute_ones_mean_nothing() {
        LookupPlan plan = plan(one(0), relative(0, 0x8d), relative(0, 0x91), at(0x8d));
        assertThat(plan.batch(0, "wasm32")).containsExactly(0x8d, 0x91);
        assertThat(plan.address(2)).isEqualTo(LookupPlan.NO_ADDRESS);
    }

    @Test
    void a_relative_address_past_the_address_space_is_taken_as_it_is() {
        LookupPlan plan = plan(one(0x1000), at(0x1000), relative(0, -2));
        assertThat(plan.batch(0, "arm64")).containsExactly(-2, 0);
    }

    @Test
    void caller_first_frames_are_numbered_from_the_innermost() {
        LookupPlan plan = new LookupPlan(
                request(FrameOrder.CALLER_FIRST, null, Map.of(), one(0x1000), at(0x1050), at(0x1040), at(0x1030)));
        plan.batch(0, "x86_64");
        assertThat(plan.raw(0).instructionAddr).isEqualTo(0x1030);
        assertThat(addresses(plan, 3)).containsExactly(0x30L, 0x3fL, 0x4fL);
    }

    @Test
    void a_step_back_before_the_image_finds_nothing() {
        LookupPlan plan = plan(one(0x1000), at(0x1000), at(0x1000));
        assertThat(plan.batch(0, "x86_64")).containsExactly(0);
        assertThat(plan.address(1)).isEqualTo(LookupPlan.NO_ADDRESS);
    }

    @Test
    void alignment_that_leads_before_the_image_finds_nothing() {
        assertThat(plan(one(0x1002), at(0x1003)).batch(0, "arm64")).isEmpty();
    }

    @Test
    void stacks_of_many_frames_take_no_quadratic_time() {
        RawFrame[] frames = new RawFrame[200_000];
        Arrays.setAll(frames, i -> at(0x1000 + i % 0xffff));
        assertThat(plan(one(0x1000), frames).batch(0, "x86_64")).hasSizeGreaterThan(60_000);
    }

    /** The rules as the contract states them, one after the other. */
    @Property(tries = 5000)
    void the_address_to_look_up_follows_the_rules(
            @ForAll @IntRange(max = 12) int archIndex,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 2) Integer> adjust,
            @ForAll @LongRange(max = 64) long offset,
            @ForAll @IntRange(max = 12) int signal,
            @ForAll boolean hasSignal,
            @ForAll @IntRange(max = 2) int pointer,
            @ForAll @LongRange(min = 1, max = 70) long start) {
        String arch = ARCHS.get(archIndex);
        long address = start + offset;
        RawFrame[] frames = adjust.stream()
                .map(n -> adjusted(address, n == 0 ? null : (Boolean) (n == 1)))
                .toArray(RawFrame[]::new);
        Map<String, Long> registers = new TreeMap<>();
        if (pointer > 0) {
            for (String name : List.of("rip", "eip", "pc", "srr0")) {
                registers.put(name, pointer == 1 ? address : address + 8);
            }
        }
        Long maybeSignal = hasSignal ? (Long) (long) signal : null;
        LookupPlan plan = new LookupPlan(request(FrameOrder.CALLEE_FIRST, maybeSignal, registers, one(start), frames));
        plan.batch(0, arch);
        for (int i = 0; i < frames.length; i++) {
            assertThat(plan.address(i))
                    .as("frame %s of %s at %s from %s", i, arch, address, start)
                    .isEqualTo(transcript(arch, frames, i, address, start, maybeSignal, registers));
        }
    }

    private static long transcript(
            String arch,
            RawFrame[] frames,
            int i,
            long address,
            long start,
            @Nullable Long signal,
            Map<String, Long> registers) {
        int align = switch (arch) {
            case "arm", "armv7k" -> 2;
            case "arm64", "arm64e", "arm64_32", "ppc", "mips", "mips64", "wasm32" -> 4;
            case "ppc64" -> 8;
            default -> 1;
        };
        int step = arch.startsWith("mips") ? 2 * align : align;
        String ip = switch (arch) {
            case "x86" -> "eip";
            case "x86_64" -> "rip";
            case "arm", "armv7k", "arm64", "arm64e", "arm64_32", "mips", "mips64" -> "pc";
            case "ppc", "ppc64" -> "srr0";
            default -> null;
        };
        boolean anySet = Arrays.stream(frames).anyMatch(frame -> frame.adjustInstructionAddr != null);
        Boolean adjust = frames[i].adjustInstructionAddr;
        boolean yes = adjust == null ? anySet : adjust;
        boolean no = adjust != null && !adjust;
        BigInteger aligned = BigInteger.valueOf(address - address % align);
        BigInteger previous = aligned.subtract(BigInteger.valueOf(step));
        BigInteger result;
        if (yes) {
            result = previous;
        } else if (no) {
            result = aligned;
        } else if (i > 0) {
            result = previous;
        } else {
            boolean crash = signal != null && (signal == 4 || signal == 10 || signal == 11);
            Long value = ip == null ? null : registers.get(ip);
            result = crash && value != null && value != address ? previous : aligned;
        }
        BigInteger relative = result.subtract(BigInteger.valueOf(start));
        return relative.signum() < 0 ? LookupPlan.NO_ADDRESS : relative.longValueExact();
    }
}
