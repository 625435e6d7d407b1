/**
 * Keeps the destination's sequences where the source's stand; the log does not carry them. Floor 3:
 * a stage; knows no other stage.
 */
@NullMarked
package warp.sequences;

import org.jspecify.annotations.NullMarked;
