/** Tests of the preparation checks. */
@NullMarked
package warp.preflight;

import org.jspecify.annotations.NullMarked;
