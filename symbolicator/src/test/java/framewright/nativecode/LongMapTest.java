package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LongMapTest {
    @Property
    void holds_what_a_hash_map_holds(@ForAll @Size(max = 300) List<Long> keys) {
        check(keys);
    }

    @Property
    void holds_neighbouring_and_repeated_keys(
            @ForAll @Size(max = 300) List<@LongRange(min = -20, max = 20) Long> keys) {
        check(keys);
    }

    private static void check(List<Long> keys) {
        LongMap<String> map = new LongMap<>();
        Map<Long, String> model = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            assertThat(map.get(keys.get(i))).isEqualTo(model.get(keys.get(i)));
            map.put(keys.get(i), "value " + i);
            model.put(keys.get(i), "value " + i);
            assertThat(map.size()).isEqualTo(model.size());
        }
        model.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
        map.clear();
        assertThat(map.size()).isZero();
        keys.forEach(key -> assertThat(map.get(key)).isNull());
    }
}
