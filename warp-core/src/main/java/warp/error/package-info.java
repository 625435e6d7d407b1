/**
 * What can go wrong, as a closed list: error codes with exit code and retry class, and the one
 * exception type that carries them to a person; and the points at which tests make it go wrong.
 * Floor 0: uses only {@link warp.model}.
 */
@NullMarked
package warp.error;

import org.jspecify.annotations.NullMarked;
