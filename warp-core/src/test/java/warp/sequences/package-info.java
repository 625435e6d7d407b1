/** Tests of how the destination's sequences follow. */
@NullMarked
package warp.sequences;

import org.jspecify.annotations.NullMarked;
