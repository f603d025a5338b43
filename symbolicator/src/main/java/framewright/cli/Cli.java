package framewright.cli;

import framewright.App;
import framewright.config.Environment;
import framewright.config.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands, and what their failures look like. */
@Command(
        name = "framewright",
        description = "Turns the addresses of native crashes into functions, files and lines.",
        subcommands = {CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  framewright serve                                a server on 127.0.0.1:3021",
            "  framewright serve -c config.yml                  with settings from a file",
            "  framewright upload build/                        debug files, mappings, source maps to a server",
            "  framewright check build/app                      what a debug file is good for",
            "  framewright resolve event.json --symbols DIR     a crash without a server",
            "  framewright resolve trace.txt --mapping FILE     names of an obfuscated JVM or Android stack trace",
            "  framewright submit crash.dmp                     a crash into a server's queue; `results` has the answer",
            "  framewright explain answer.json                  why something was not resolved",
            "  framewright doctor -c config.yml                whether sources and machine are well",
            "  framewright config                               every setting with its default",
            "",
            "`framewright help COMMAND` says more."
        })
public final class Cli implements Runnable {
    private static final int HELP_WIDTH = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Cli() {}

    /**
     * Runs a command line.
     *
     * @return the exit status: 0 done, 1 failed or not everything resolved, 2 wrong usage or settings
     */
    public static int run(PrintWriter out, PrintWriter err, boolean colours, String... args) {
        Terminal terminal = new Terminal(out, err, colours);
        String first = args.length == 0 ? null : args[0];
        return commandLine(terminal, Environment.variables(), first).execute(args);
    }

    /** As {@link #run}, on the process's own streams. */
    public static int run(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        return run(out, err, Terminal.coloursByDefault(), args);
    }

    /** @param first of the words; null: none. Where it is a command, no other one is known */
    static CommandLine commandLine(Terminal terminal, Map<String, String> environment, @Nullable String first) {
        CommandLine line = new CommandLine(new Cli());
        Map<String, Supplier<?>> commands = commands(terminal, environment);
        // picocli reads a command's annotations when it is added, which for all of them takes longer than most commands
        if (first != null && commands.containsKey(first)) {
            commands.keySet().removeIf(name -> !name.equals(first));
        }
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        if (commands.size() > 1) {
            line.addSubcommand("completion", completion());
        }
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, _) -> wrongUsage(terminal, e));
        line.setExecutionExceptionHandler((e, _, _) -> failed(terminal, e));
        return line;
    }

    /** In the order of the help. */
    private static Map<String, Supplier<?>> commands(Terminal terminal, Map<String, String> environment) {
        Map<String, Supplier<?>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> new ServeCommand(terminal, environment));
        commands.put("resolve", () -> new ResolveCommand(terminal));
        commands.put("explain", () -> new ExplainCommand(terminal, App.clock()));
        commands.put("upload", () -> new UploadCommand(terminal, environment));
        commands.put("submit", () -> new SubmitCommand(terminal, environment, App.clock()));
        commands.put("results", () -> new ResultsCommand(terminal, environment));
        commands.put("queue", () -> new QueueCommand(terminal, environment));
        commands.put("check", () -> new CheckCommand(terminal));
        commands.put("find", () -> new FindCommand(terminal));
        commands.put("bundle-sources", () -> new BundleSourcesCommand(terminal));
        commands.put("ls", () -> new LsCommand(terminal, environment));
        commands.put("rm", () -> new RmCommand(terminal, environment));
        commands.put("releases", () -> new ReleasesCommand(terminal, environment));
        commands.put("missing", () -> new MissingCommand(terminal, environment));
        commands.put("warm", () -> new WarmCommand(terminal, environment));
        commands.put("projects", () -> new ProjectsCommand(terminal, environment));
        commands.put("tokens", () -> new TokensCommand(terminal, environment));
        commands.put("store", () -> new StoreCommand(terminal, environment));
        commands.put("cache", () -> new CacheCommand(terminal, environment, App.clock()));
        commands.put("doctor", () -> new DoctorCommand(terminal, environment));
        commands.put("config", () -> new ConfigCommand(terminal, environment));
        commands.put("version", () -> new VersionCommand(terminal));
        commands.put("train", () -> new TrainCommand(terminal));
        return commands;
    }

    /** It prints what it finds beside itself: all commands. */
    private static CommandLine completion() {
        CommandLine completion = new CommandLine(new GenerateCompletion());
        completion
                .getCommandSpec()
                .usageMessage()
                .description(
                        "Prints a completion script for bash and zsh.",
                        "Use it with `source <(framewright completion)`.");
        return completion;
    }

    /** Without a command there is nothing to do but to say which ones there are. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "give a command");
    }

    private static int wrongUsage(Terminal terminal, ParameterException e) {
        terminal.err().println(terminal.red("framewright: ") + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err());
        e.getCommandLine().usage(terminal.err());
        return Exit.USAGE;
    }

    private static int failed(Terminal terminal, Exception e) throws Exception {
        return switch (e) {
            case UsageException _ -> say(terminal, e.getMessage(), Exit.USAGE);
            case UncheckedIOException _ -> say(terminal, e.getMessage(), Exit.FAILED);
            case IOException _ -> say(terminal, e.getMessage(), Exit.FAILED);
            default -> throw e;
        };
    }

    private static int say(Terminal terminal, @Nullable String message, int status) {
        terminal.err().println(terminal.red("framewright: ") + message);
        return status;
    }

    /** Says everything that is wrong with a settings file. */
    static void settings(Terminal terminal, String file, SettingsException e) {
        terminal.err().println(terminal.red("framewright: ") + file + " cannot be used:");
        e.problems().forEach(problem -> terminal.err().println("  " + problem));
        terminal.err().println("`framewright config` shows every key with its default and meaning.");
    }
}
