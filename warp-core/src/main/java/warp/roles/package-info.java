/** Roles of a server, made at the other one for {@code --roles}. Floor 3; knows no other stage. */
@NullMarked
package warp.roles;

import org.jspecify.annotations.NullMarked;
