package framewright.store;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a token lets its holder do, each independent of the others; {@link #ADMIN} includes all. */
public enum Permission {
    UPLOAD,
    READ,
    SYMBOLICATE,
    ADMIN;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Null: there is none of this name. */
    public static @Nullable Permission of(String name) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName().equals(name))
                .findFirst()
                .orElse(null);
    }

    static String text(Set<Permission> scopes) {
        return scopes.stream().sorted().map(Permission::wireName).collect(Collectors.joining(","));
    }

    static Set<Permission> read(String text) {
        Set<Permission> scopes = EnumSet.noneOf(Permission.class);
        for (String name : text.split(",", -1)) {
            Permission scope = of(name);
            if (scope != null) {
                scopes.add(scope);
            }
        }
        return scopes;
    }
}
