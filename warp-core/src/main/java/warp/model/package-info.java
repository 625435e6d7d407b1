/**
 * Facts as records: names, positions, tables, changes. Floor 0: uses nothing of Warp, does nothing.
 */
@NullMarked
package warp.model;

import org.jspecify.annotations.NullMarked;
