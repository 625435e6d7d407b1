/** Decides what happens next: phases, supervision, resuming, cleaning. Floor 4. */
@NullMarked
package warp.migration;

import org.jspecify.annotations.NullMarked;
