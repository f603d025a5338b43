package framewright.telemetry;

/** Which Framewright this is. */
public final class Version {
    private Version() {}

    /** Of the jar; {@code dev} where the classes are in none. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
