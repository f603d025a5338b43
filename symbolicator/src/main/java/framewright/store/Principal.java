package framewright.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a token speaks for.
 *
 * @param token its key
 * @param name what people call the token
 * @param project the only one that it is good for; null: all of the organisation
 */
public record Principal(
        long token,
        String name,
        Organization organization,
        @Nullable Project project,
        Set<Permission> permissions) {
    public Principal {
        permissions = Set.copyOf(permissions);
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission) || permissions.contains(Permission.ADMIN);
    }

    /** Whether it may act on such a project. */
    public boolean reaches(Project other) {
        return organization.id() == other.organization() && (project == null || project.id() == other.id());
    }
}
