@NullMarked
package warp.spool;

import org.jspecify.annotations.NullMarked;
