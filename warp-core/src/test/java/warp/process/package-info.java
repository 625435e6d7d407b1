/** Warp as its users have it: a process of its own, between real servers, stopped and killed. */
@NullMarked
package warp.process;

import org.jspecify.annotations.NullMarked;
