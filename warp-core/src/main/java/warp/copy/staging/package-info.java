/**
 * Rows on their way in files of this machine: the format of a chunk's file, the directory with its
 * manifest, and the limit on what it may hold. Floor 3, a part of the stage {@link warp.copy},
 * which uses it and which it does not know.
 */
@NullMarked
package warp.copy.staging;

import org.jspecify.annotations.NullMarked;
