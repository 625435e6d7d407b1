/** Whole migrations through the real program, between real servers. */
@NullMarked
package warp.migration;

import org.jspecify.annotations.NullMarked;
