/** What is known of a migration at one moment, for who asks {@code warp status}. Floor 0. */
@NullMarked
package warp.model.status;

import org.jspecify.annotations.NullMarked;
