/** What benchmarks need of the product's package of this name that it keeps to itself. */
@NullMarked
package warp.apply;

import org.jspecify.annotations.NullMarked;
