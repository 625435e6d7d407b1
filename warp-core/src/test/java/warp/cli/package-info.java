/** Tests of switches, exit codes and the running of migrations. */
@NullMarked
package warp.cli;

import org.jspecify.annotations.NullMarked;
