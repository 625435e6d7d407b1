/** Tests of quoting and statement text. */
@NullMarked
package warp.sql;

import org.jspecify.annotations.NullMarked;
