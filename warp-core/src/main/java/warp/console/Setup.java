package warp.console;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.config.ConfigPreview;
import warp.config.Secret;
import warp.config.SetupAnswers;
import warp.config.SetupAnswers.Endpoint;
import warp.config.SslMode;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.progress.Prompt;

/**
 * {@code --setup}: asks for both servers, the ancestor's questions in its order, and writes the
 * config file. Nonsense is asked again; nothing is written before the last answer.
 */
public final class Setup {

    private static final String PORT_DEFAULT = "5432";
    private static final String SSL_MODE_DEFAULT = "require";

    private final Prompt prompt;
    private final PrintStream out;

    public Setup(Prompt prompt, PrintStream out) {
        this.prompt = prompt;
        this.out = out;
    }

    /**
     * Asks and writes.
     *
     * @param overwrite whether an existing file may go without a question
     * @return false where the user kept an existing file
     * @throws WarpException REFUSED where the input ends before the last answer
     */
    public boolean run(Path file, boolean overwrite) {
        if (Files.exists(file) && !overwrite && !mayOverwrite(file)) {
            out.println("Kept " + file + " as it is.");
            return false;
        }
        Endpoint source = ask(Side.SOURCE);
        Endpoint destination = ask(Side.DESTINATION);
        new SetupAnswers(source, destination).write(file);
        out.println("Wrote " + file + ", readable by you only.");
        return true;
    }

    private boolean mayOverwrite(Path file) {
        while (true) {
            String question =
                    "Custom input file exists, are you sure you want to overwrite it? [y/n/v]: ";
            switch (answer(prompt.line(question)).toLowerCase(Locale.ROOT)) {
                case "y", "yes" -> {
                    return true;
                }
                case "n", "no" -> {
                    return false;
                }
                case "v" ->
                        ConfigPreview.of(file).forEach(line -> out.println(Escapes.visible(line)));
                default -> out.println("Please answer y (overwrite), n (keep) or v (view).");
            }
        }
    }

    private Endpoint ask(Side side) {
        String name = side == Side.SOURCE ? "Source" : "Destination";
        String host = ask(name + " Host: ", "", Setup::host);
        out.println("Leave empty to keep port \"" + PORT_DEFAULT + "\" as your " + side + " port.");
        int port = ask(name + " Port [" + PORT_DEFAULT + "]: ", PORT_DEFAULT, Setup::port);
        String user = ask(name + " Username: ", "", text -> plain("A user name", text));
        String typed =
                prompt.secret(name + " Password (not shown while you type): ")
                        .orElseThrow(Setup::ended);
        @Nullable Secret password = typed.isEmpty() ? null : new Secret(typed);
        String database = ask(name + " Database: ", "", text -> plain("A database name", text));
        out.println("Leave empty to keep SSL Mode as \"" + SSL_MODE_DEFAULT + "\".");
        SslMode mode =
                ask(name + " SSL Mode [" + SSL_MODE_DEFAULT + "]: ", SSL_MODE_DEFAULT, Setup::mode);
        return new Endpoint(host, port, user, password, database, mode);
    }

    /** Asks until the check takes the answer; its complaint is what the user is told. */
    private <T> T ask(String question, String fallback, Function<String, T> check) {
        while (true) {
            String text = answer(prompt.line(question));
            try {
                return check.apply(text.isEmpty() ? fallback : text);
            } catch (IllegalArgumentException nonsense) {
                out.println(nonsense.getMessage());
            }
        }
    }

    private static String answer(Optional<String> line) {
        return line.orElseThrow(Setup::ended).strip();
    }

    private static WarpException ended() {
        return new WarpException(
                        ErrorCode.REFUSED,
                        "the input ended before the last question of the set-up; nothing was"
                                + " written")
                .hint("run warp --setup again and answer every question");
    }

    private static String host(String text) {
        if (text.startsWith("/") || text.contains("://") || text.contains("@")) {
            throw new IllegalArgumentException(
                    "Please give a host name or an address alone, such as db.example.org or ::1.");
        }
        if (text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("A host name has no blanks in it.");
        }
        return plain("A host name", text);
    }

    private static String plain(String what, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is needed.");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " has no control characters in it.");
        }
        return text;
    }

    private static int port(String text) {
        String complaint = "A port is a number from 1 to 65535.";
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException(complaint, notNumber);
        }
        throw new IllegalArgumentException(complaint);
    }

    private static SslMode mode(String text) {
        // The ancestor asked "[<empty>/False]".
        String word = text.equalsIgnoreCase("false") ? "disable" : text.toLowerCase(Locale.ROOT);
        return Arrays.stream(SslMode.values())
                .filter(mode -> mode.toString().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "An SSL mode is one of disable, allow, prefer, require,"
                                        + " verify-ca, verify-full."));
    }
}
