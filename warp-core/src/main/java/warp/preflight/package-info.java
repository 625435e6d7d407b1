/**
 * Checks before anything is touched, all reported at once. Floor 3: a stage; knows no other stage.
 */
@NullMarked
package warp.preflight;

import org.jspecify.annotations.NullMarked;
