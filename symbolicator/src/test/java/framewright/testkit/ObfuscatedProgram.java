package framewright.testkit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import proguard.Configuration;
import proguard.ConfigurationParser;
import proguard.ProGuard;

/**
 * The program {@code resources/jvm/Till.java}, as it was compiled or after ProGuard.
 *
 * @param jar its classes
 * @param mapping what ProGuard renamed
 */
public record ObfuscatedProgram(Path jar, Path mapping) {
    private static final Path SOURCE = Path.of("src/test/resources/jvm/Till.java");
    private static final int CLASS_FILE_VERSION = 61;

    /** The program as it was compiled; its mapping is no file. */
    public static ObfuscatedProgram plain(Path folder) throws IOException {
        Path classes = folder.resolve("classes");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-g", "-d", classes.toString(), SOURCE.toString());
        if (status != 0) {
            throw new IllegalStateException("the program does not compile");
        }
        Path jar = folder.resolve("plain.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(out, classes, classes);
        }
        return new ObfuscatedProgram(jar, folder.resolve("none"));
    }

    /** The classes of the JDK that the program is compiled against, in a version that ProGuard reads. */
    public static Path library(Path folder) throws IOException {
        Path jar = folder.resolve("library.jar");
        Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String part : List.of("java/lang", "java/util", "java/io")) {
                add(out, base, base.resolve(part));
            }
        }
        return jar;
    }

    private static void add(JarOutputStream out, Path root, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".class")) {
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[7] = CLASS_FILE_VERSION;
                    out.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                    out.write(bytes);
                }
            }
        }
    }

    /** The program after ProGuard with these rules. */
    public ObfuscatedProgram obfuscated(Path folder, String name, Path library, List<String> rules) throws Exception {
        Path to = folder.resolve(name + ".jar");
        Path map = folder.resolve(name + ".txt");
        List<String> options = new ArrayList<>(List.of(
                "-injars",
                jar.toString(),
                "-outjars",
                to.toString(),
                "-libraryjars",
                library.toString(),
                "-printmapping",
                map.toString(),
                "-keep class till.Till { public static void run(int); }",
                "-dontnote",
                "-dontwarn",
                "-ignorewarnings"));
        options.addAll(rules);
        Configuration configuration = new Configuration();
        try (ConfigurationParser parser =
                new ConfigurationParser(options.toArray(String[]::new), System.getProperties())) {
            parser.parse(configuration);
        }
        new ProGuard(configuration).execute();
        return new ObfuscatedProgram(to, map);
    }

    /** What it prints of what it throws in this way, up to where it was called. */
    public String trace(int way) {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            loader.loadClass("till.Till").getMethod("run", int.class).invoke(null, way);
            throw new IllegalStateException("way " + way + " threw nothing");
        } catch (InvocationTargetException e) {
            StringWriter text = new StringWriter();
            Objects.requireNonNull(e.getCause()).printStackTrace(new PrintWriter(text));
            return ofTheProgram(text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the frames of whoever calls it, and without how many of them are left out of a cause. */
    private static String ofTheProgram(String trace) {
        return trace.lines()
                .filter(line -> !line.contains("\tat java.base/jdk.internal")
                        && !line.contains("\tat java.base/java.lang.reflect")
                        && !line.contains("\tat framewright.")
                        && !line.contains("\tat org.junit.")
                        && !line.matches("\\s*\\.\\.\\. \\d+ more"))
                .reduce("", (one, other) -> one + other + "\n");
    }
}
