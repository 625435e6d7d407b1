/** Tests of what Warp keeps at the destination. */
@NullMarked
package warp.state;

import org.jspecify.annotations.NullMarked;
