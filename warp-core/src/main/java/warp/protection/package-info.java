/**
 * Watches over the source while Warp works, and decides when Warp has to hold back or to stop for
 * its sake. Floor 3: a stage; knows no other stage.
 */
@NullMarked
package warp.protection;

import org.jspecify.annotations.NullMarked;
