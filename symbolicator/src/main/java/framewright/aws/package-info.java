/**
 * Who requests to AWS come from: what {@link framewright.aws.AwsIdentities} makes of the credentials that sources, the shared
 * cache and the store are given.
 */
@NullMarked
package framewright.aws;

import org.jspecify.annotations.NullMarked;
