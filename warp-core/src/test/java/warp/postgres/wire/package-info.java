@NullMarked
package warp.postgres.wire;

import org.jspecify.annotations.NullMarked;
