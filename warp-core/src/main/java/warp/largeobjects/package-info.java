/**
 * Large objects: copied and kept in step, since logical decoding does not carry them. Floor 3;
 * knows no other stage.
 */
@NullMarked
package warp.largeobjects;

import org.jspecify.annotations.NullMarked;
