/** Tests of the whole: its walls, and what holds for every package. */
@NullMarked
package warp;

import org.jspecify.annotations.NullMarked;
