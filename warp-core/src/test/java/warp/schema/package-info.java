/** Tests of what is taken away and put back at the destination. */
@NullMarked
package warp.schema;

import org.jspecify.annotations.NullMarked;
