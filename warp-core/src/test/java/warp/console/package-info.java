/** Tests of the terminal's lines, questions and menus. */
@NullMarked
package warp.console;

import org.jspecify.annotations.NullMarked;
