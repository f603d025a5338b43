/**
 * The server's settings: one record per area, read from the YAML file with the peer's keys. The only package that
 * reads configuration files and the environment.
 *
 * <p>First file to read: {@code Settings}.
 */
@NullMarked
package framewright.config;

import org.jspecify.annotations.NullMarked;
