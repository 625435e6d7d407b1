/**
 * Runs the folders of {@code scenarios/}: each a database to be moved and what must come of it. See
 * the README there.
 */
@NullMarked
package warp.scenarios;

import org.jspecify.annotations.NullMarked;
