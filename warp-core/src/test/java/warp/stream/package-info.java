@NullMarked
package warp.stream;

import org.jspecify.annotations.NullMarked;
