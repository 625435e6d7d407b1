@NullMarked
package warp.apply;

import org.jspecify.annotations.NullMarked;
