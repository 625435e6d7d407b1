/**
 * Real PostgreSQL servers of any version, loads for them, and the full comparison of two databases.
 */
@NullMarked
package warp.sandbox;

import org.jspecify.annotations.NullMarked;
