/** The only door to PostgreSQL: sessions, raw protocol, catalog, slots, COPY. Floor 2. */
@NullMarked
package warp.postgres;

import org.jspecify.annotations.NullMarked;
