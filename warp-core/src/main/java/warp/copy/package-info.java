/** Copies the rows of one snapshot, in parallel chunks. Floor 3: a stage; knows no other stage. */
@NullMarked
package warp.copy;

import org.jspecify.annotations.NullMarked;
