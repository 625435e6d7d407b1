/** {@code warp demo}: a live shop moves between two real servers while a person watches. */
@NullMarked
package warp.sandbox.demo;

import org.jspecify.annotations.NullMarked;
