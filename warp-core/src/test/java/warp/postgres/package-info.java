/** Tests of the doors to the servers. */
@NullMarked
package warp.postgres;

import org.jspecify.annotations.NullMarked;
