/** The terminal: event lines, questions, menus. Floor 5. */
@NullMarked
package warp.console;

import org.jspecify.annotations.NullMarked;
