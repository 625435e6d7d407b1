/** Applies changes to the destination exactly once. Floor 3: a stage; knows no other stage. */
@NullMarked
package warp.apply;

import org.jspecify.annotations.NullMarked;
