/** Tests of what every surface shares. */
@NullMarked
package warp.progress;

import org.jspecify.annotations.NullMarked;
