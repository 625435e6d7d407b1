/**
 * Reads changes from the slot and hands them on in order. Floor 3: a stage; knows no other stage.
 */
@NullMarked
package warp.stream;

import org.jspecify.annotations.NullMarked;
