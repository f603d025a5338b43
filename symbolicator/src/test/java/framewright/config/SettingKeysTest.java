package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SettingKeysTest {
    @Test
    void keysThatTheLoaderReads_areExactlyThoseThatTheRegistrySaysHaveAnEffect() {
        SettingsReader reader = new SettingsReader(new Yaml.Section(1, new LinkedHashMap<>()), new ArrayList<>());
        SettingsLoader.build(reader, new ArrayList<>());
        assertThat(reader.keysRead())
                .containsExactlyInAnyOrderElementsOf(
                        SettingKeys.all().stream().filter(Key::hasEffect).toList());
    }

    @Test
    void keys_haveDistinctPathsAndAMeaning() {
        assertThat(SettingKeys.known()).extracting(Key::path).doesNotHaveDuplicates();
        assertThat(SettingKeys.known()).allSatisfy(key -> assertThat(key.doc()).isNotBlank());
    }

    @Test
    void defaults_areValuesOfTheirKeys() {
        assertThat(SettingKeys.all()).allSatisfy(key -> {
            Yaml value = Objects.requireNonNull(new YamlReader(Map.of(), new ArrayList<>()).read(key.fallback()));
            if (Yaml.isNull(value)) {
                assertThat(key.nullable()).isTrue();
            } else {
                assertThat(key.type().reader().apply(value)).isNotNull();
            }
        });
    }

    @Test
    void reference_isAFileThatLoadsAsTheDefaultsWithoutAnyNote() {
        SettingsLoader loader = new SettingsLoader(Map.of());
        LoadedSettings reference = loader.parse(SettingsLoader.reference());
        assertThat(reference.notes()).isEmpty();
        assertThat(reference.settings()).isEqualTo(loader.parse("sources: []").settings());
        assertThat(SettingKeys.all())
                .allSatisfy(key -> assertThat(SettingsLoader.reference()).contains(key.doc()));
    }
}
