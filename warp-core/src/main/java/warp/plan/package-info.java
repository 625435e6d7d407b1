/** Decides how a copy is cut into chunks. Floor 1: pure. */
@NullMarked
package warp.plan;

import org.jspecify.annotations.NullMarked;
