package framewright;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** Which package may use which, and why. */
@AnalyzeClasses(packages = "framewright", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_haveNoCycles = slices().matching("framewright.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that can be read without another is understood without it");

    @ArchTest
    static final ArchRule api_knowsOnlyTheFormats = only("framewright.api", "framewright.debugfiles")
            .because("requests and answers travel; they must not drag the service along");

    @ArchTest
    static final ArchRule config_knowsOnlyTheApi = only(
                    "framewright.config", "framewright.api", "framewright.debugfiles")
            .because("settings are read before anything else exists");

    @ArchTest
    static final ArchRule telemetry_knowsNothing =
            only("framewright.telemetry").because("everything may log and count, so it must depend on nothing");

    @ArchTest
    static final ArchRule cache_knowsNoDomain = only(
                    "framewright.cache", "framewright.api", "framewright.config", "framewright.telemetry")
            .because("the cache keeps files by key, whatever they are");

    @ArchTest
    static final ArchRule store_knowsNoUse = only(
                    "framewright.store",
                    "framewright.database",
                    "framewright.aws",
                    "framewright.api",
                    "framewright.config",
                    "framewright.debugfiles")
            .because("what is kept is found by its ids, whoever asks and however it came");

    @ArchTest
    static final ArchRule database_knowsNoTables = only("framewright.database", "framewright.api", "framewright.config")
            .because("statements and transactions are the same whatever the tables hold");

    @ArchTest
    static final ArchRule uploads_onlyIdentifyAndKeep = only(
                    "framewright.uploads",
                    "framewright.database",
                    "framewright.store",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry",
                    "framewright.debugfiles",
                    "framewright.nativebridge")
            .because("what a file is does not depend on the way it came, nor on who asks for it later");

    @ArchTest
    static final ArchRule client_seesAServerFromOutside = only(
                    "framewright.client",
                    "framewright.database",
                    "framewright.uploads",
                    "framewright.store",
                    "framewright.fetch",
                    "framewright.api",
                    "framewright.debugfiles",
                    "framewright.nativebridge",
                    "framewright.sourcemap")
            .because("what a command does with a server, it does with anyone's");

    @ArchTest
    static final ArchRule tables_haveOwners = noClasses()
            .that(not(resideInAnyPackage(
                    "framewright.database",
                    "framewright.store",
                    "framewright.schedule",
                    "framewright.warming",
                    "framewright.queue")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql.."))
            .because("tables have one owner, who knows both databases");

    @ArchTest
    static final ArchRule databases_stayInDatabase = noClasses()
            .that(not(resideInAPackage("framewright.database")))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("com.zaxxer..", "org.flywaydb..", "org.sqlite..", "org.postgresql.."))
            .because("what differs between the two databases is known in one place");

    @ArchTest
    static final ArchRule fetch_isBelowSources = only(
                    "framewright.fetch",
                    "framewright.cache",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry",
                    "framewright.debugfiles")
            .because("a download does not know why a file is wanted");

    @ArchTest
    static final ArchRule sources_onlyLocateAndFetch = only(
                    "framewright.sources",
                    "framewright.store",
                    "framewright.database",
                    "framewright.aws",
                    "framewright.fetch",
                    "framewright.cache",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry",
                    "framewright.debugfiles")
            .because("a source says where files are; which one is best is decided above it");

    @ArchTest
    static final ArchRule shared_knowsNoDomain = only(
                    "framewright.shared",
                    "framewright.sources",
                    "framewright.fetch",
                    "framewright.cache",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry")
            .because("what nodes share are files by key, and the cache below does not know who shares them");

    @ArchTest
    static final ArchRule tracing_onlySends = only(
                    "framewright.tracing",
                    "framewright.fetch",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry")
            .because("what is traced does not know where the traces go");

    @ArchTest
    static final ArchRule queue_knowsNoUse = only(
                    "framewright.queue",
                    "framewright.schedule",
                    "framewright.database",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry")
            .because("events are taken, kept and sent the same way whatever resolves them");

    @ArchTest
    static final ArchRule schedule_knowsNoWork = only(
                    "framewright.schedule", "framewright.database", "framewright.telemetry")
            .because("what is due is done the same way whatever it is");

    @ArchTest
    static final ArchRule dbScheduler_staysInSchedule = libraryOnlyIn(
                    "com.github.kagkarlsson..", "framewright.schedule")
            .because("who has work for a time need not know what keeps the time");

    @ArchTest
    static final ArchRule warming_knowsNoWayToAFile = only(
                    "framewright.warming",
                    "framewright.schedule",
                    "framewright.store",
                    "framewright.database",
                    "framewright.api",
                    "framewright.config",
                    "framewright.debugfiles",
                    "framewright.telemetry")
            .because("what is wanted is known apart from how it is got");

    @ArchTest
    static final ArchRule plan_knowsOnlyTheRequest = only(
                    "framewright.plan", "framewright.api", "framewright.debugfiles")
            .because("what to look up follows from the request alone, before any file is touched");

    @ArchTest
    static final ArchRule objects_doNotKnowTheirUse = only(
                    "framewright.objects",
                    "framewright.sources",
                    "framewright.fetch",
                    "framewright.cache",
                    "framewright.api",
                    "framewright.config",
                    "framewright.telemetry",
                    "framewright.debugfiles",
                    "framewright.nativebridge")
            .because("finding the right file is the same for every kind of crash");

    @ArchTest
    static final ArchRule jobs_knowNothingOfTheirWork = only("framewright.jobs", "framewright.telemetry")
            .because("admission, waiting and limits are the same for every kind of work");

    @ArchTest
    static final ArchRule nativecode_knowsNoServer = noClasses()
            .that(resideInAPackage("framewright.nativecode"))
            .should()
            .dependOnClassesThat(resideInAnyPackage("framewright.http", "framewright.cli", "framewright.jobs"))
            .because("the engine also runs without a server");

    @ArchTest
    static final ArchRule jvm_standsOnTheEngine = only(
                    "framewright.jvm",
                    "framewright.nativecode",
                    "framewright.objects",
                    "framewright.fetch",
                    "framewright.cache",
                    "framewright.api",
                    "framewright.debugfiles",
                    "framewright.nativebridge")
            .because("mappings and their sources are found, converted and opened like debug files");

    @ArchTest
    static final ArchRule apple_readsReportsAlone = only(
                    "framewright.apple", "framewright.api", "framewright.debugfiles")
            .because("what a report says does not depend on where its files are");

    @ArchTest
    static final ArchRule crash_knowsNoServer = noClasses()
            .that(resideInAPackage("framewright.crash"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "framewright.http", "framewright.cli", "framewright.jobs", "framewright.nativebridge"))
            .because("crash files are resolved without a server, too, and walked by processes, not by the library");

    @ArchTest
    static final ArchRule js_seesNoOtherPlatform = noClasses()
            .that(resideInAPackage("framewright.js"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "framewright.http",
                    "framewright.cli",
                    "framewright.jobs",
                    "framewright.nativecode",
                    "framewright.plan"))
            .because("a change for one platform must not reach another");

    @ArchTest
    static final ArchRule sourcemap_isUsedForJavaScriptOnly = noClasses()
            .that(not(resideInAnyPackage("framewright.js", "framewright.client", "framewright.sourcemap")))
            .should()
            .dependOnClassesThat(resideInAPackage("framewright.sourcemap"))
            .because("maps are asked by whoever knows scripts");

    @ArchTest
    static final ArchRule http_isNotUsedBelow = noClasses()
            .that(not(resideInAnyPackage("framewright.http", "framewright.cli", "framewright")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("framewright.http", "framewright.cli"))
            .because("the ways in are on top of everything");

    @ArchTest
    static final ArchRule http_seesNoFilesBeingMade = only(
                    "framewright.http",
                    "framewright.jobs",
                    "framewright.uploads",
                    "framewright.queue",
                    "framewright.warming",
                    "framewright.database",
                    "framewright.store",
                    "framewright.api",
                    "framewright.telemetry",
                    "framewright.debugfiles")
            .because("an endpoint translates between HTTP and an engine that it knows by interface");

    @ArchTest
    static final ArchRule onlyApp_wires = noClasses()
            .that(not(simpleName("App")))
            .and(not(resideInAnyPackage(
                    "framewright.cli",
                    "framewright.client",
                    "framewright.jvm..",
                    "framewright.crash..",
                    "framewright.nativecode..",
                    "framewright.js..",
                    "framewright.objects..",
                    "framewright.sources..",
                    "framewright.fetch..",
                    "framewright.shared..",
                    "framewright.tracing..",
                    "framewright.cache..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "framewright.jvm..",
                    "framewright.js..",
                    "framewright.nativecode..",
                    "framewright.sources..",
                    "framewright.fetch..",
                    "framewright.shared.."))
            .because("what lives as long as the process is made on one page");

    @ArchTest
    static final ArchRule helidon_staysInHttp =
            libraryOnlyIn("io.helidon..", "framewright.http").because("the server could be exchanged");

    @ArchTest
    static final ArchRule httpClient_staysInFetch = libraryOnlyIn("org.apache.hc..", "framewright.fetch")
            .because("every request that leaves goes through the guard against reserved addresses");

    @ArchTest
    static final ArchRule awsSdk_staysWhereBucketsAre = noClasses()
            .that(not(resideInAnyPackage("framewright.aws", "framewright.sources", "framewright.store")))
            .should()
            .dependOnClassesThat(resideInAPackage("software.amazon.."))
            .because("one kind of source and of store needs Amazon's signatures and credentials");

    @ArchTest
    static final ArchRule s3Client_staysInTheStore = noClasses()
            .that(not(resideInAPackage("framewright.store")))
            .should()
            .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.services.."))
            .because("what is fetched goes through our own client and its limits");

    @ArchTest
    static final ArchRule aws_knowsCredentialsOnly = only("framewright.aws", "framewright.api")
            .because("who a request comes from does not depend on what it is for");

    @ArchTest
    static final ArchRule zstd_staysInShared = libraryOnlyIn("com.github.luben..", "framewright.shared")
            .because("what comes from sources is unpacked by our own library");

    @ArchTest
    static final ArchRule kafka_staysInQueue = libraryOnlyIn("org.apache.kafka..", "framewright.queue")
            .because("a broker is an engine of the queue, and nothing else");

    @ArchTest
    static final ArchRule rabbit_staysInQueue = libraryOnlyIn("com.rabbitmq..", "framewright.queue")
            .because("a broker is an engine of the queue, and nothing else");

    @ArchTest
    static final ArchRule javasHttpClients_areNotUsed = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("java.net.http.."))
            .orShould()
            .dependOnClassesThat(simpleName("HttpURLConnection"))
            .because("every request that leaves goes through the guard against reserved addresses");

    @ArchTest
    static final ArchRule caffeine_staysInCache = libraryOnlyIn("com.github.benmanes..", "framewright.cache")
            .because("how memory is bounded is one package's business");

    @ArchTest
    static final ArchRule jackson_staysAtTheEdges = noClasses()
            .that(not(resideInAnyPackage(
                    "framewright.api",
                    "framewright.config",
                    "framewright.http",
                    "framewright.cli",
                    "framewright.client",
                    "framewright.nativebridge",
                    "framewright.tracing",
                    "framewright.sources")))
            .should()
            .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."))
            .because("inside there are types; JSON is what comes in and goes out");

    @ArchTest
    static final ArchRule yaml_staysInConfig =
            libraryOnlyIn("org.snakeyaml..", "framewright.config").because("settings are the only YAML");

    @ArchTest
    static final ArchRule picocli_staysInCli =
            libraryOnlyIn("picocli..", "framewright.cli").because("commands are one way in of several");

    @ArchTest
    static final ArchRule jna_staysInTheBridge = libraryOnlyIn("com.sun.jna..", "framewright.nativebridge")
            .because("native memory has one reader, and JNA could be exchanged");

    @ArchTest
    static final ArchRule bridge_isUsedByTheEngineOnly = noClasses()
            .that(not(resideInAnyPackage(
                    "framewright.nativebridge",
                    "framewright.nativecode",
                    "framewright.jvm",
                    "framewright.js",
                    "framewright.objects",
                    "framewright.uploads",
                    "framewright.client")))
            .and(not(simpleName("App")))
            .and(not(simpleName("ModuleFile")))
            .should()
            .dependOnClassesThat(resideInAPackage("framewright.nativebridge"))
            .because("native calls need the pool, and whoever makes them must know why");

    @ArchTest
    static final ArchRule environment_isReadInConfigOnly = noClasses()
            .that(not(resideInAPackage("framewright.config")))
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .because("a setting that hides in the environment is one nobody finds");

    @ArchTest
    static final ArchRule clocks_arePassedIn = noClasses()
            .that(not(simpleName("App")))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(InstantSource.class, "system")
            .because("tests move time by hand");

    /** A package that uses, of ours, nothing but itself and these. */
    private static ArchRule only(String name, String... allowed) {
        return noClasses()
                .that(resideInAPackage(name))
                .should()
                .dependOnClassesThat(resideInAPackage("framewright..")
                        .and(not(resideInAPackage(name)))
                        .and(not(resideInAnyPackage(allowed))));
    }

    private static ArchRule libraryOnlyIn(String library, String name) {
        return noClasses()
                .that(not(resideInAPackage(name)))
                .should()
                .dependOnClassesThat(resideInAPackage(library).as("classes of %s", library));
    }
}
