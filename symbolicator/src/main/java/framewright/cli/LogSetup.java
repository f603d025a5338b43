package framewright.cli;

import framewright.config.Settings;
import framewright.config.Settings.LogLevel;
import framewright.telemetry.Logging;
import java.util.logging.Level;

/** Starts the log as the settings want it. */
final class LogSetup {
    private LogSetup() {}

    /** To standard error, which is where the peer's log goes. */
    static void server(Settings.Logging settings) {
        Logging.Format format = switch (settings.format()) {
            case AUTO -> Terminal.coloursByDefault() ? Logging.Format.COLOURED : Logging.Format.PLAIN;
            case PRETTY -> Logging.Format.COLOURED;
            case SIMPLIFIED -> Logging.Format.PLAIN;
            case JSON -> Logging.Format.JSON;
        };
        Logging.start(System.err, level(settings.level()), format, settings.backtraces());
    }

    /** Only what is wrong, for commands whose result is on standard output. */
    static void command() {
        Logging.start(System.err, Level.WARNING, Logging.Format.PLAIN, true);
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case OFF -> Level.OFF;
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE -> Level.FINEST;
        };
    }
}
