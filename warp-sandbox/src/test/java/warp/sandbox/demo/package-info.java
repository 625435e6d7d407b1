@NullMarked
package warp.sandbox.demo;

import org.jspecify.annotations.NullMarked;
