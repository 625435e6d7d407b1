/** Tests of facts. */
@NullMarked
package warp.model;

import org.jspecify.annotations.NullMarked;
