/** What happens now, as counters and events that every surface shows alike. Floor 1: no I/O. */
@NullMarked
package warp.progress;

import org.jspecify.annotations.NullMarked;
