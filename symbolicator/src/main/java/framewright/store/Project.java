package framewright.store;

/**
 * What an organisation keeps apart. Files of all its projects serve each of them, its own first.
 *
 * @param organization its key
 * @param slug lower-case, as it stands in addresses
 */
public record Project(long id, long organization, String slug, String name) {
    /** Its organisation's files, its own first. */
    public Tenancy tenancy() {
        return new Tenancy(organization, id);
    }
}
