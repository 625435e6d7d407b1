package warp.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The word that says what to do; without one, a migration is run or resumed. */
enum Command {
    RUN("run or resume the migration; this is the default"),
    CHECK("test both connections and all a migration needs, then stop"),
    STATUS("tell how far the migration is and what to do next; changes nothing"),
    VERSION("show the version"),
    HELP("show this help");

    private final String description;

    Command(String description) {
        this.description = description;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Command::word).toList();
    }

    static Optional<Command> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
