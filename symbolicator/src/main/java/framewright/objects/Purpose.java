package framewright.objects;

import framewright.api.Features;

/** What a debug file is wanted for. */
public enum Purpose {
    /** To resolve frames. */
    DEBUG,
    /** To walk stacks. */
    UNWIND,
    /** To show source code. */
    SOURCE;

    boolean isServedBy(Features features) {
        return switch (this) {
            case DEBUG -> features.hasDebugInfo() || features.hasSymbols();
            case UNWIND -> features.hasUnwindInfo();
            case SOURCE -> features.hasSources();
        };
    }
}
