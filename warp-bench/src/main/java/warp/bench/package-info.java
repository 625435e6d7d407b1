/**
 * Measures Warp against its peers. Warp runs as its users run it, as a process of its own: this
 * package knows nothing of the product but its command line; only {@code micro} does.
 */
@NullMarked
package warp.bench;

import org.jspecify.annotations.NullMarked;
