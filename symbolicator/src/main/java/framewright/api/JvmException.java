package framewright.api;

/**
 * A class that was thrown.
 *
 * @param type its name without the package
 * @param module its package; empty where it has none
 */
public record JvmException(String type, String module) {
    /** The name with the package. */
    public String name() {
        return module.isEmpty() ? type : module + "." + type;
    }

    /** Of a name with its package. */
    public static JvmException of(String name) {
        int dot = name.lastIndexOf('.');
        return new JvmException(name.substring(dot + 1), dot < 0 ? "" : name.substring(0, dot));
    }
}
