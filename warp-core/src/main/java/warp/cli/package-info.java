/** Commands, switches and exit codes; the only {@code main}. Floor 5. */
@NullMarked
package warp.cli;

import org.jspecify.annotations.NullMarked;
