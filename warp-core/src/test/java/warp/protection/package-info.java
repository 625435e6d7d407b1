/** Tests of {@code warp.protection}. */
@NullMarked
package warp.protection;

import org.jspecify.annotations.NullMarked;
