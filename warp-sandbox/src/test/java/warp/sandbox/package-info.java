@NullMarked
package warp.sandbox;

import org.jspecify.annotations.NullMarked;
