/** Tests of connection strings and config files. */
@NullMarked
package warp.config;

import org.jspecify.annotations.NullMarked;
