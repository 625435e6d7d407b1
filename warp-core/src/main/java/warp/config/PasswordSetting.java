package warp.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/**
 * Where else a side's password comes from: {@code passwordCommand} or {@code passwordFile} in a
 * config file; {@code WARP_SOURCE_PASSWORD}, {@code WARP_SOURCE_PASSWORD_FILE} or {@code
 * WARP_SOURCE_PASSWORD_COMMAND}, and the same for the destination, in the environment.
 */
final class PasswordSetting {

    static final String COMMAND = "passwordCommand";
    static final String FILE = "passwordFile";

    private PasswordSetting() {}

    /** What the environment says for the side; at most one of the variables may be set. */
    static Optional<PasswordSource> of(Side side, Environment environment) {
        String name = "WARP_" + side.name().toUpperCase(Locale.ROOT) + "_PASSWORD";
        List<PasswordSource> found = new ArrayList<>();
        given(environment, name).map(PasswordSource.Known::new).ifPresent(found::add);
        given(environment, name + "_FILE")
                .map(file -> new SecretFile(side, environment.file(file)))
                .ifPresent(found::add);
        given(environment, name + "_COMMAND")
                .map(text -> new PasswordCommand(side, words(text, name + "_COMMAND")))
                .ifPresent(found::add);
        if (found.size() > 1) {
            throw new WarpException(
                            ErrorCode.CONFIG,
                            "more than one of %s, %s_FILE and %s_COMMAND is set"
                                    .formatted(name, name, name))
                    .at(side)
                    .hint("unset all but one");
        }
        return found.stream().findFirst();
    }

    private static Optional<String> given(Environment environment, String name) {
        return environment.variable(name).filter(value -> !value.isEmpty());
    }

    /**
     * The words of a command line without a shell: parted by blanks, but for those in single or
     * double quotes; nothing else is special.
     *
     * @param where for the error
     */
    static List<String> words(String text, String where) {
        List<String> words = new ArrayList<>();
        @Nullable StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean blank = quote == 0 && Character.isWhitespace(letter);
            if (blank && word != null) {
                words.add(word.toString());
                word = null;
            }
            if (blank) {
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (quote == letter) {
                quote = 0;
            } else if (quote == 0 && (letter == '\'' || letter == '"')) {
                quote = letter;
            } else {
                word.append(letter);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        if (quote != 0 || words.isEmpty() || words.getFirst().isEmpty()) {
            throw new WarpException(
                            ErrorCode.CONFIG,
                            where
                                    + (quote == 0
                                            ? " names no program"
                                            : " has a quote that is not closed"))
                    .hint("no shell reads it: write a program and its words, or a list of them");
        }
        return words;
    }
}
