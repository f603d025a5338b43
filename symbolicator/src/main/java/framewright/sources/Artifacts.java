package framewright.sources;

/**
 * Where artifacts of JavaScript may be. Made by {@link Sources} alone, for one request. One that knows what it has is a
 * {@link ArtifactCatalogue}; one that has to be asked for each file is an {@link ArtifactFolder}.
 */
public sealed interface Artifacts permits ArtifactCatalogue, ArtifactFolder {
    /** Names it in findings. */
    String id();

    /** Whether what it has serves every scope. */
    boolean isPublic();
}
