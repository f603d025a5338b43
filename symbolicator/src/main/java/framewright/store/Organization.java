package framewright.store;

/**
 * Whose files these are: nobody sees those of another organisation.
 *
 * @param slug lower-case, as it stands in addresses
 */
public record Organization(long id, String slug, String name) {}
