package framewright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.RawModule;
import framewright.debugfiles.ObjectType;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModuleIndexTest {
    private static final BigInteger END = BigInteger.ONE.shiftLeft(64);

    static RawModule module(long addr, @Nullable Long size) {
        return new RawModule(ObjectType.ELF, null, null, null, null, null, addr, size);
    }

    @Test
    void a_module_without_a_size_reaches_to_the_next_and_says_so() {
        ModuleIndex index = new ModuleIndex(List.of(module(0x2000, 4096L), module(0x1000, null), module(0x3000, 0L)));
        assertThat(index.imageSize(0)).isEqualTo(4096);
        assertThat(index.imageSize(1)).isEqualTo(4096);
        assertThat(index.imageSize(2)).isZero();
        assertThat(index.find(0x1fff)).isEqualTo(1);
    }

    @Test
    void the_last_module_without_a_size_has_no_end() {
        ModuleIndex index = new ModuleIndex(List.of(module(42, null)));
        assertThat(index.imageSize(0)).isNull();
        assertThat(index.find(-1)).isZero();
        assertThat(index.find(41)).isEqualTo(ModuleIndex.NO_MODULE);
    }

    @Test
    void the_end_address_itself_is_within() {
        ModuleIndex index = new ModuleIndex(List.of(module(0x1000, 0x10L)));
        assertThat(index.find(0x1010)).isZero();
        assertThat(index.find(0x1011)).isEqualTo(ModuleIndex.NO_MODULE);
    }

    @Test
    void a_module_that_would_pass_the_end_of_the_address_space_holds_nothing() {
        ModuleIndex index = new ModuleIndex(List.of(module(-16, 16L), module(0x1000, 0x10L)));
        assertThat(index.find(-8)).isEqualTo(ModuleIndex.NO_MODULE);
        assertThat(index.find(0x1004)).isEqualTo(1);
    }

    @Test
    void addresses_are_unsigned() {
        ModuleIndex index = new ModuleIndex(List.of(module(0xffff_ff80_0000_0000L, 0x1000L), module(0x1000, 0x10L)));
        assertThat(index.find(0xffff_ff80_0000_0800L)).isZero();
        assertThat(index.find(0x1001)).isEqualTo(1);
    }

    @Property
    void finds_what_a_search_through_all_modules_finds(
            @ForAll("modules") List<RawModule> modules, @ForAll("addresses") long address) {
        assertThat(new ModuleIndex(modules).find(address)).isEqualTo(naive(modules, address));
    }

    @Provide
    Arbitrary<List<RawModule>> modules() {
        return Combinators.combine(
                        addresses(), Arbitraries.longs().between(0, 40).injectNull(0.3))
                .as(ModuleIndexTest::module)
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Long> addresses() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 100), Arbitraries.longs().between(-60, -1));
    }

    private static int naive(List<RawModule> modules, long address) {
        BigInteger wanted = unsigned(address);
        int best = ModuleIndex.NO_MODULE;
        for (int i = 0; i < modules.size(); i++) {
            BigInteger start = unsigned(modules.get(i).imageAddr());
            if (start.compareTo(wanted) <= 0
                    && (best < 0 || start.compareTo(unsigned(modules.get(best).imageAddr())) >= 0)) {
                best = i;
            }
        }
        if (best < 0) {
            return best;
        }
        BigInteger start = unsigned(modules.get(best).imageAddr());
        int chosen = best;
        Long given = modules.get(best).imageSize();
        BigInteger size = given == null ? BigInteger.ZERO : unsigned(given);
        if (size.signum() == 0) {
            size = IntStream.range(0, modules.size())
                    .filter(i ->
                            i > chosen || !unsigned(modules.get(i).imageAddr()).equals(start))
                    .mapToObj(i -> unsigned(modules.get(i).imageAddr()))
                    .filter(other -> other.compareTo(start) >= 0)
                    .min(BigInteger::compareTo)
                    .map(next -> next.subtract(start))
                    .orElse(BigInteger.ZERO);
        }
        BigInteger end = start.add(size);
        boolean outside = end.compareTo(END) >= 0 || (size.signum() != 0 && end.compareTo(wanted) < 0);
        return outside ? ModuleIndex.NO_MODULE : best;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
