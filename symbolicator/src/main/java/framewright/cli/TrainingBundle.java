package framewright.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A script with its source map, large enough that what reads them is worth compiling: the profiles that the training
 * records spare the first real map most of the time that it would run uncompiled.
 */
final class TrainingBundle {
    /** What the request's frame is called in the source. */
    static final String RESOLVED = "receipt7";

    private static final int FUNCTIONS = 20_000;
    private static final String SCRIPT = "bundle.js";

    private TrainingBundle() {}

    /** Writes both into a folder that a web server has. */
    static void write(Path folder) throws IOException {
        // as in most bundles, some character is beyond Latin-1, which strings are read and kept otherwise for
        StringBuilder script = new StringBuilder("/*\u2026*/");
        StringBuilder names = new StringBuilder();
        StringBuilder content = new StringBuilder("/*\u2026*/");
        StringBuilder mappings = new StringBuilder();
        for (int i = 0; i < FUNCTIONS; i++) {
            script.append("function f").append(i).append("(a){throw a}\n");
            names.append(i == 0 ? "" : ",").append("\"receipt").append(i).append('"');
            content.append("function receipt").append(i).append("(\\\"total\\\") { throw total }\\n");
            // the function, its name, and what it throws; each line follows on the one before
            mappings.append(i == 0 ? "AAAA,SAASA,WAAW;" : "AACpB,SAASC,WAAW;");
        }
        script.append("//# sourceMappingURL=").append(SCRIPT).append(".map\n");
        Files.writeString(folder.resolve(SCRIPT), script);
        Files.writeString(folder.resolve(SCRIPT + ".map"), """
                {"version":3,"sources":["receipt.js"],"names":[%s],"sourcesContent":["%s"],"mappings":"%s"}""".formatted(names, content, mappings));
    }

    /** Asks for a frame in the script, which names no release, so that it is had from the web server alone. */
    static String request(String server) {
        return """
                {"source":{"id":"none","url":"%s","token":""},
                 "stacktraces":[{"frames":[{"abs_path":"%s","lineno":8,"colno":18}]}],
                 "scraping":{"enabled":true,"allowed_origins":["*"],"headers":{}}}""".formatted(server, server + SCRIPT);
    }
}
