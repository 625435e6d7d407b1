/**
 * The schema {@code warp} at the destination: what a migration must remember to be resumed. Floor
 * 2.
 */
@NullMarked
package warp.state;

import org.jspecify.annotations.NullMarked;
