/** Tests of the benchmarks' own logic; nothing is timed here. */
@NullMarked
package warp.bench;

import org.jspecify.annotations.NullMarked;
