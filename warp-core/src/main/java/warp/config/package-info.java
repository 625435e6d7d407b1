/**
 * What the user asked for: connection strings, config files, switches as records. Floor 1: pure but
 * for reading the files it is named; opens no connection.
 */
@NullMarked
package warp.config;

import org.jspecify.annotations.NullMarked;
