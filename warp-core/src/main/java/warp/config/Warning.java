package warp.config;

/** Something in a file or string that is passed over but should be known. */
public record Warning(String line, String hint) {}
