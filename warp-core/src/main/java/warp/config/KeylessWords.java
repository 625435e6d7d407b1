package warp.config;

import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;

/** The words for what to do with a table without a key; switch and config file alike. */
public final class KeylessWords {

    private static final String UNIQUE_INDEX = "unique-index";

    private KeylessWords() {}

    /**
     * Reads the words.
     *
     * @param name what to call the setting in the error: {@code --keyless}
     * @throws WarpException of the given code, naming the choices
     */
    public static Keyless parse(String words, String name, ErrorCode code) {
        String text = words.strip();
        return switch (text) {
            case UNIQUE_INDEX -> new Keyless.UniqueIndex(null);
            case "full" -> new Keyless.Full();
            case "inserts-only" -> new Keyless.InsertsOnly();
            case "exclude" -> new Keyless.Exclude();
            default -> {
                if (!text.startsWith(UNIQUE_INDEX + " ")) {
                    throw new WarpException(
                            code, name + " needs unique-index, full, inserts-only or exclude");
                }
                yield new Keyless.UniqueIndex(text.substring(UNIQUE_INDEX.length()).strip());
            }
        };
    }
}
