/** What tests of several packages share. */
@NullMarked
package warp.testing;

import org.jspecify.annotations.NullMarked;
