/**
 * Rows that users keep in tables of extensions: brought over at each end point. Floor 3; knows no
 * other stage.
 */
@NullMarked
package warp.extensions;

import org.jspecify.annotations.NullMarked;
