package framewright.api;

import java.time.Duration;
import java.util.Locale;

/**
 * Why a module or a candidate is as it is. Every cause there is, each once: its code is stable, and {@code
 * symbolicator/docs/causes.md} is printed from here.
 *
 * <p>In the sentences {@code {name}} stands for a fact of the {@link Finding}: {@code source}, {@code location}, {@code
 * details} (what the failure itself says), {@code address} and {@code next_try}.
 */
public enum Cause {
    FOUND("{location} has what was needed.", "The file was found, is the right one, and answers.", ""),
    UNUSED(
            "No frame points into this module, so nobody looked for its file.",
            "Only modules that some frame points into are looked for.",
            "Nothing, unless frames are missing: then check `image_addr` and `image_size` of the module."),
    NO_DEBUG_INFO(
            "{location} has symbols but no debug information: functions get names, but no files and lines.",
            "The file was stripped of its debug information and still has its symbol table.",
            "Put the file with debug information there: built with -g, before `strip` ran, or its .debug or .dSYM."),
    NO_LINE_INFO(
            "{location} has no line numbers: methods get names, but no lines, and calls that were inlined are lost.",
            "The mapping was found and names classes and methods, and no line on any of them has a range of lines.",
            "Add `-keepattributes SourceFile,LineNumberTable` to the rules of ProGuard or R8 and build again."),
    NO_SOURCE_FILES(
            "{location} names no source files: frames have lines, in files that are named after their classes.",
            "The mapping was found and no class in it has a `sourceFile`: of Kotlin's files and of several classes in one"
                    + " file the names are guesses.",
            "Add `-keepattributes SourceFile,LineNumberTable` to the rules of R8 and build again; old versions of"
                    + " ProGuard write none."),
    NO_LINE_MAPPING(
            "{location} is C++ that Unity's il2cpp made of C#, and no line of C# was found: {details}.",
            "Functions have the names that il2cpp gives; the line mapping that leads back to C# is not there, or does not"
                    + " know these lines.",
            "Upload the mapping with the debug files of the same build: `sentry-cli debug-files upload --il2cpp-mapping`."),
    WRONG_MAPPING(
            "{location} knows none of the classes of the stack traces.",
            "The mapping was found under the id that the crash names; not one frame or exception is of a class in it.",
            "Upload the mapping of the build that crashed; its uuid goes into the app when the mapping is made."),
    MAPPING_BY_RELEASE(
            "{location} was taken since it was uploaded last for {details}: the event names no mapping that is there.",
            "A fallback: mappings are told apart by their uuids, and two builds of one version have two.",
            "Put the uuid of the mapping into the event, and upload the mapping under it; the build plugins of crash"
                    + " reporters do both."),
    STRIPPED(
            "{location} is stripped: it has neither debug information nor symbols.",
            "The program as it ships was found, and nothing that names its functions.",
            "Put the file of the same build there that `strip` had as its input, or the .debug, .dSYM or .pdb of it."),
    ID_MISMATCH(
            "{location} is of another build: {details}.",
            "The source answered with a file whose id is not the one that the crash names.",
            "Put the file of the build that crashed there; the id in the answer says which one lies there now."),
    WRONG_ARCH(
            "{location} holds other architectures or builds: {details}.",
            "The file is an archive of several architectures, none of which has the id of the module.",
            "Put the slice that crashed there, or an archive that has it (`lipo -info` and `dwarfdump --uuid` tell)."),
    MALFORMED(
            "{location} breaks the rules of its format: {details}.",
            "The file is there and cannot be read; section and offset are named where they are known.",
            "Check the file where it was made; an upload that was cut short or an error page in its place is likely."),
    KIND_UNSUPPORTED(
            "{location} is of a kind that cannot serve: {details}.",
            "The file is sound, and of a kind or version that is not read.",
            "Put a file of another kind there; of managed code, build a portable PDB: `<DebugType>portable</DebugType>`."),
    TOO_LARGE(
            "{location} is larger than allowed.",
            "The file, unpacked, has more bytes than `max_download_size`.",
            "Raise `max_download_size`, or strip the file of what is not needed."),
    NOT_FOUND(
            "{location} is not there.",
            "The source answered that it has no such file.",
            "Upload the file, or add a source that has it."),
    NOT_LISTED(
            "{source} lists no file for this module.",
            "The source has a list or an index, or its layout has no place for such a module.",
            "Upload the file, or check `layout` and `has_index` of the source."),
    FILTERED(
            "{source} is not asked for this module: {details}.",
            "The filters of the source leave the module out.",
            "Change `filters` of the source, or add a source that has the file."),
    NO_ID(
            "The module has neither a debug id nor a code id, so there is nothing to look for.",
            "Files are found by ids alone; the crash carries none for the module.",
            "Build with ids (`-Wl,--build-id` for ELF) and have the crash reporter send them."),
    NO_SOURCE(
            "There is no source to look at.",
            "Neither the request nor the server's settings name a source.",
            "Add `sources` to the settings file or to the request."),
    UNAUTHORIZED(
            "{source} wants other credentials: {details}.",
            "The source answered 401, or with a login page.",
            "Correct the token, key, user or password of the source; it may have expired."),
    FORBIDDEN(
            "{source} refuses the file: {details}.",
            "The source answered 403, or the file may not be read by the server's user.",
            "Grant the credentials of the source read access; of a bucket, listing too, else it says 403 for 404."),
    SERVER_ERROR(
            "{source} failed: {details}.",
            "The source answered with a status of 500 or above, three times.",
            "See the log of the source, or of the proxy before it."),
    UNEXPECTED_ANSWER(
            "{source} gave an answer that is none: {details}.",
            "The source's answer was no file and no refusal: an odd status, too many redirects, a broken encoding.",
            "Open the location with `curl -v`; something between may answer in place of the source."),
    TIMEOUT(
            "{source} did not answer in time: {details}.",
            "Connecting, the head of the answer, a standstill or the whole download took longer than allowed.",
            "Check the way there; the keys that end in `_timeout` set the limits."),
    DNS_FAILURE(
            "The host of {location} has no address: {details}.",
            "The name could not be resolved on the server's machine.",
            "Check the spelling of the source's url, and the name servers of the machine or container."),
    TLS_FAILURE(
            "No secure connection to {source}: {details}.",
            "The certificate is not trusted, expired or of another host, or the two sides share no version.",
            "Name the issuer's certificate in `ca_bundle` of the source, renew it, or set `accept_invalid_certs`."),
    CONNECTION_REFUSED(
            "Nothing listens at the host of {location}.",
            "The host is there and refuses the connection.",
            "Start the source, or correct the port of its url; a firewall may refuse as well."),
    CONNECTION_FAILED(
            "The connection to {source} broke: {details}.",
            "The connection could not be made, or ended before the file was whole.",
            "Check the source and what is between; a proxy may cut long answers."),
    ADDRESS_BLOCKED(
            "The server does not connect to {address}, the address behind {location}.",
            "The address is private or reserved, and who sends a crash may name any host.",
            "Configure the source at the server, or name its network or host in `egress_allow`."),
    HOST_BLOCKED(
            "{source} is left alone for now: {details}",
            "Too many downloads from its host failed lately, so that it is not asked for a while.",
            "Mend what the first failures say; `deny_list_never_block_hosts` exempts a host."),
    MISCONFIGURED_SOURCE(
            "{source} cannot be asked: {details}.",
            "What the source is configured with cannot be used.",
            "Correct the source: its url, bucket, endpoint or credentials."),
    NEGATIVE_CACHED(
            "{location} was asked for before and is not asked for again until {next_try}; then: {details}.",
            "An earlier failure is remembered; `remembered` is its code.",
            "Mend the cause that is remembered, then wait, or clear it: `framewright cache purge --failures`."),
    NOT_AWAITED(
            "{location} was not waited for: a file with debug information was there.",
            "The source was slower than another one, whose file is preferred in any case or was there for `slow_source_timeout`.",
            "Nothing, unless the file is wanted: then put its source first and raise `slow_source_timeout`, or look why it is slow."),
    POSTPONED(
            "{location} takes longer to get than the answer may take.",
            "The event has a deadline, which was over before the file was there; it is being got.",
            "Nothing: the next generation of the answer has it. A longer `deadline_ms` has one answer in place of two."),
    CACHE_FULL(
            "There is no room for {location} in the cache: {details}.",
            "Everything in the cache is in use, or the file is larger than the cache.",
            "Raise `caches.max_bytes`."),
    DISK_FAILURE(
            "{location} could not be written to the cache: {details}.",
            "The disk of the cache is full or failed, or somebody took its folders away.",
            "Look at the log of the server and at GET /ready."),
    INVALID_POSITION(
            "The frame names no line of {location}.",
            "The frame has the line 0, so that there is no position to look up.",
            "Send frames with lines and columns that count from 1; frames of native functions have none."),
    INTERNAL_FRAME(
            "{location} is no file of the application: {details}.",
            "The frame is of the engine itself, of a browser's extension, or of code that no file holds.",
            "Nothing; hide such frames where they are shown."),
    NO_ARTIFACT(
            "{source} knows no artifact for {details}.",
            "The server of artifacts was asked by debug id, or by release and name, and lists none that has the file.",
            "Upload the file under the debug id or release of the event; compare both with what the event says."),
    NOT_IN_BUNDLE(
            "{location} does not hold {details}.",
            "The server of artifacts named the bundle, which has no file of that debug id, kind or address.",
            "Upload all files of the build together, under the addresses that frames name or with debug ids."),
    SCRAPING_DISABLED(
            "{location} was not uploaded, and files may not be fetched from the web.",
            "The file is in no artifact, and the request has `scraping.enabled` false.",
            "Upload the file, or allow scraping."),
    ORIGIN_NOT_ALLOWED(
            "{location} may not be fetched: {details}.",
            "The file is in no artifact, and its address is outside of `scraping.allowed_origins` or not of the web.",
            "Upload the file, or add its origin to the allowed ones."),
    HTML_PAGE(
            "{location} is a web page in place of a script.",
            "The address answered with HTML: a login page, an error page or the start page of an application.",
            "Open the address without cookies; allow the server in, send `scraping.headers`, or upload the file."),
    NO_SOURCE_MAP(
            "{location} names no source map, and no debug id leads to one.",
            "The script has neither a `sourceMappingURL` nor a `SourceMap` header nor a debug id.",
            "Have the bundler write source maps, and inject debug ids before the script is deployed."),
    NO_MAPPING(
            "The source map {location} says nothing of {details}.",
            "The position is in code that the bundler added, or the map is of another build.",
            "Compare the build of the map with that of the script; debug ids keep both together."),
    BEYOND_SCRIPT(
            "{location} ends before {details}.",
            "The script that was found is not the one that ran: the line or column of the frame is not in it.",
            "Upload the files that are deployed, after every step that changes them, under the release that runs."),
    STALE_SCRIPT(
            "{location} is not what is deployed: {details}.",
            "The uploaded script has other bytes than the one at the address that the frame names.",
            "Upload again after the last step of the build, and give every build a release or debug ids of its own."),
    MAP_OF_OTHER_SCRIPT(
            "The source map {location} is of another script: {details}.",
            "The debug id or the file that the map names is not that of the script.",
            "Upload script and map of the same build, and have each script name its own map."),
    BYTECODE_POSITION(
            "{details} is a position in bytecode, and {location} is a map of the bundle before it was compiled.",
            "Hermes compiles the bundle; the packager's map alone does not lead from bytecode to sources.",
            "Compose the packager's map with that of the Hermes compiler (`compose-source-maps.js`), and upload that."),
    NO_SOURCE_CONTENT(
            "The text of {location} is not in the source map, and was not found elsewhere.",
            "The frame is resolved; only the lines around it are missing.",
            "Have the bundler write `sourcesContent`, or upload the sources."),
    INTERNAL_ERROR(
            "A bug of ours: {details}.",
            "The server failed where it should not have; its log has the place.",
            "Please report it with the file, if it may be given away.");

    private final String sentence;
    private final String meaning;
    private final String remedy;

    Cause(String sentence, String meaning, String remedy) {
        this.sentence = sentence;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** Stable snake_case name. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The sentence, with names of facts in braces. */
    public String sentence() {
        return sentence;
    }

    /** What has happened, for the table of causes. */
    public String meaning() {
        return meaning;
    }

    /** What to do about it; empty where nothing is wrong. */
    public String remedy() {
        return remedy;
    }

    /**
     * The cause that a failure stands for. Failures of the network are told apart by their sentences, which are the
     * peer's and stable: they are what the log of failures keeps, too.
     */
    public static Cause of(Outcome.Failure failure) {
        return switch (failure) {
            case Outcome.Missing missing -> missing.otherSlices() ? WRONG_ARCH : NOT_FOUND;
            case Outcome.Denied(String details) -> ofRefusal(details);
            case Outcome.TimedOut(Duration _) -> TIMEOUT;
            case Outcome.Unreachable unreachable -> ofNetwork(unreachable);
            case Outcome.Malformed(String details) ->
                details.equals("Maximum file size exceeded") ? TOO_LARGE : MALFORMED;
            case Outcome.Unsupported _ -> KIND_UNSUPPORTED;
        };
    }

    private static Cause ofRefusal(String details) {
        return details.startsWith("401 ") || details.equals("Potential login page detected") ? UNAUTHORIZED : FORBIDDEN;
    }

    private static Cause ofNetwork(Outcome.Unreachable failure) {
        String details = failure.details();
        int status = HttpStatus.in(details);
        if (status > 0) {
            return status >= 500 ? SERVER_ERROR : UNEXPECTED_ANSWER;
        }
        return switch (details) {
            case "destination is restricted" -> ADDRESS_BLOCKED;
            case "host not found" -> DNS_FAILURE;
            case "connection refused" -> CONNECTION_REFUSED;
            case "too many redirects", "the head of the answer is too large" -> UNEXPECTED_ANSWER;
            default -> ofBeginning(details);
        };
    }

    private static Cause ofBeginning(String details) {
        if (details.startsWith("TLS failed")) {
            return TLS_FAILURE;
        }
        if (details.startsWith("the cache ")) {
            return CACHE_FULL;
        }
        if (details.startsWith("the local disk failed")) {
            return DISK_FAILURE;
        }
        if (details.startsWith("Host ")) {
            return HOST_BLOCKED;
        }
        if (details.equals(Outcome.POSTPONED.details())) {
            return POSTPONED;
        }
        if (details.equals("not waited for")) {
            return NOT_AWAITED;
        }
        if (details.contains("content encoding")) {
            return UNEXPECTED_ANSWER;
        }
        boolean ofTheSource = details.startsWith("the source's url")
                || details.startsWith("failed encoding")
                || details.startsWith("cannot get a token")
                || details.startsWith("the answer is no list");
        return ofTheSource ? MISCONFIGURED_SOURCE : CONNECTION_FAILED;
    }
}
