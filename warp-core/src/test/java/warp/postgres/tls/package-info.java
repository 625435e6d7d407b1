@NullMarked
package warp.postgres.tls;

import org.jspecify.annotations.NullMarked;
