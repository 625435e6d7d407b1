/** The only place where SQL text is made and where names and literals are quoted. Floor 1: pure. */
@NullMarked
package warp.sql;

import org.jspecify.annotations.NullMarked;
