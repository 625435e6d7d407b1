@NullMarked
package warp.bench.micro;

import org.jspecify.annotations.NullMarked;
