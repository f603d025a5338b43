package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Il2cppNamesTest {
    private static final String HASH = "_m0B38E5AA4ED2BC4C5D8A1B0B2B0F8C0E2D1A3C4F";

    @ParameterizedTest
    @CsvSource({
        "Player_Update, '', Player.Update",
        "_Player_Update, '', Player.Update",
        "Player_get_Health, '', Player.get_Health",
        "Vector3_op_Addition, _inline, Vector3.op_Addition",
        "Player__ctor, '', Player..ctor",
        "My_Type__cctor, '', My_Type..cctor",
        "List_1_Add, _gshared, List`1.Add",
        "Dictionary_2_get_Item, _gshared_inline, Dictionary`2.get_Item",
        "Vector3_ToString, _AdjustorThunk, Vector3.ToString",
        "U3CSpawnU3Ed__4_MoveNext, '', <Spawn>d__4.MoveNext",
        "U3CU3Ec__DisplayClass2_0_U3CStartU3Eb__0, '', <>c__DisplayClass2_0.<Start>b__0",
        "U3CU3Ec_U3CStartU3Eb__2_0, '', <>c.<Start>b__2_0",
    })
    void name_thatCanBeReadInOneWay_isRestored(String name, String end, String written) {
        assertThat(Il2cppNames.written(name + HASH + end)).isEqualTo(written);
    }

    /** A type or a method may have an underscore of its own; a number alone may be the name of a method. */
    @ParameterizedTest
    @ValueSource(strings = {"My_Type_Run", "Player_On_Hit", "List_1_Add", "Update", "A_B_C_D"})
    void name_thatCanBeReadInSeveralWays_staysAsItIs(String name) {
        assertThat(Il2cppNames.written(name + HASH)).isNull();
        assertThat(Il2cppNames.isGenerated(name + HASH)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Player_Update", "Player_Update_m0B38", "_ZN6Player6UpdateEv", "main", ""})
    void nameOfAnythingElse_isNone(String symbol) {
        assertThat(Il2cppNames.isGenerated(symbol)).isFalse();
        assertThat(Il2cppNames.written(symbol)).isNull();
    }

    @Property
    void anyText_isReadWithoutFailing(@ForAll String text) {
        String written = Il2cppNames.written(text + HASH);
        assertThat(written == null || written.contains(".")).isTrue();
    }
}
