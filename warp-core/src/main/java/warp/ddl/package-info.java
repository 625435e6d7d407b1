/**
 * Definitions that change while changes are replicated: what a table of the source is like now,
 * what the destination needs to take its changes again, and the statements for it. Floor 3: a
 * stage; knows no other stage.
 */
@NullMarked
package warp.ddl;

import org.jspecify.annotations.NullMarked;
