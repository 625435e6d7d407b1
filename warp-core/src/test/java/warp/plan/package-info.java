/** Tests of patterns and chunk plans. */
@NullMarked
package warp.plan;

import org.jspecify.annotations.NullMarked;
