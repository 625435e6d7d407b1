package warp.console;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where answers come from: a terminal that can hide what is typed, or a pipe. */
public interface LineSource {

    /** The next line without its end; null at the end of input. Blocks. */
    @Nullable String next(boolean hidden) throws IOException;

    /** The process's terminal, or its standard input where that is a pipe. */
    // Whether console() may be null without a terminal differs between releases and providers.
    @SuppressWarnings("SystemConsoleNull")
    static LineSource ofProcess() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return of(System.in);
        }
        return hidden -> {
            if (!hidden) {
                return console.readLine();
            }
            char[] typed = console.readPassword();
            return typed == null ? null : new String(typed);
        };
    }

    /** Lines of UTF-8 text. */
    static LineSource of(InputStream input) {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        return hidden -> reader.readLine();
    }
}
