/**
 * Bytes of an output plugin to {@link warp.model.ChangeEvent}s. Floor 1: pure and total: any input
 * gives an event or a typed error; no connection, no clock.
 */
@NullMarked
package warp.decode;

import org.jspecify.annotations.NullMarked;
