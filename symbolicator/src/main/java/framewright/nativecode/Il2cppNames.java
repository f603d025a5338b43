package framewright.nativecode;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of functions that Unity's il2cpp makes of C# methods: the type without its namespace, the method, and a hash of
 * both with the signature ({@code Player_Update_m} and 40 hexadecimal digits). What may not stand in a name of C++ is an
 * underscore or, for the brackets of names that the compiler of C# made up, {@code U3C} and {@code U3E}.
 *
 * <p>An underscore may also have been there before, so that most names could be read in several ways: only those come
 * back that can be read in one.
 */
final class Il2cppNames {
    private static final Pattern GENERATED =
            Pattern.compile("_?(?<name>\\w{1,400})_m[0-9A-F]{40}(?<generic>_gshared)?(?:_inline)?(?:_AdjustorThunk)?");

    private static final int HASH_DIGITS = 40;

    private static final String WORD = "[A-Za-z0-9]+";

    /** A method alone: with an accessor or an operator before its name, or without. */
    private static final String METHOD = "(?:(?:get|set|add|remove|op)_)?" + WORD;

    private static final Pattern CONSTRUCTOR = Pattern.compile("(\\w*[A-Za-z0-9])__(c?ctor)");
    private static final Pattern PLAIN = Pattern.compile("(" + WORD + ")_(" + METHOD + ")");
    private static final Pattern GENERIC = Pattern.compile("(" + WORD + ")_(\\d{1,2})_(" + METHOD + ")");

    /** The state machine of an iterator or of an asynchronous method. */
    private static final Pattern MACHINE = Pattern.compile("(<" + WORD + ">d__\\d+)_(" + METHOD + ")");

    private static final Pattern LAMBDA =
            Pattern.compile("(<>c(?:__DisplayClass\\d+_\\d+)?)_(<" + WORD + ">b__\\d+(?:_\\d+)?)");

    private Il2cppNames() {}

    /** Whether a symbol is of a function that il2cpp made. */
    static boolean isGenerated(String symbol) {
        int hash = symbol.lastIndexOf("_m");
        return hash > 0
                && symbol.length() > hash + HASH_DIGITS
                && GENERATED.matcher(symbol).matches();
    }

    /** {@code Type.Method}; null where the symbol is another, or can be read in several ways. */
    static @Nullable String written(String symbol) {
        Matcher parts = GENERATED.matcher(symbol);
        if (!parts.matches()) {
            return null;
        }
        String name = parts.group("name").replace("U3C", "<").replace("U3E", ">");
        Matcher constructor = CONSTRUCTOR.matcher(name);
        if (constructor.matches()) {
            return constructor.group(1) + ".." + constructor.group(2);
        }
        // a number in the middle is that of the type parameters only where code is shared between their values
        Matcher generic = GENERIC.matcher(name);
        if (parts.group("generic") != null && generic.matches()) {
            return generic.group(1) + "`" + generic.group(2) + "." + generic.group(3);
        }
        for (Pattern pattern : new Pattern[] {PLAIN, MACHINE, LAMBDA}) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                return matcher.group(1) + "." + matcher.group(2);
            }
        }
        return null;
    }
}
