/**
 * Compares tables of both sides inside the servers: only counts and sums travel. Floor 3: a stage;
 * knows no other stage.
 */
@NullMarked
package warp.verify;

import org.jspecify.annotations.NullMarked;
