package warp.console;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import warp.config.ConfigFile;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.progress.Prompt;

/** The numbered menu of the config files of a directory, when none was named. */
public final class ConfigMenu {

    private static final Pattern SOURCE = Pattern.compile("(?m)^[\"']?source[\"']?\\s*:");
    private static final Pattern DESTINATION = Pattern.compile("(?m)^[\"']?destination[\"']?\\s*:");
    private static final long BYTES_MAX = 1L << 20;

    private final Prompt prompt;
    private final PrintStream out;

    public ConfigMenu(Prompt prompt, PrintStream out) {
        this.prompt = prompt;
        this.out = out;
    }

    /**
     * Lets the user choose.
     *
     * @throws WarpException CONFIG where there is no file to choose, REFUSED for {@code n} and at
     *     the end of input
     */
    public Path choose(Path directory) {
        List<Path> files = candidates(directory);
        if (files.isEmpty()) {
            throw new WarpException(
                            ErrorCode.CONFIG, "no source and destination, and no config file found")
                    .hint("warp --setup asks for both servers and writes a config file")
                    .hint("or: warp --source=postgresql://… --destination=postgresql://…");
        }
        out.println(ConfigFile.DEFAULT_NAME + " config file not found, the following exist:");
        for (int i = 0; i < files.size(); i++) {
            out.println((i + 1) + ") " + Escapes.visible(name(files.get(i))));
        }
        out.println();
        while (true) {
            String answer =
                    prompt.line(
                                    "To select a config file, type the file number or filename; to"
                                            + " exit, type \"n\": ")
                            .orElse("n")
                            .strip();
            if (answer.toLowerCase(Locale.ROOT).equals("n")) {
                throw new WarpException(ErrorCode.REFUSED, "no config file was chosen")
                        .hint("name it: warp --config=" + name(files.getFirst()));
            }
            Optional<Path> chosen = named(files, answer);
            if (chosen.isPresent()) {
                out.println("Config file found: " + Escapes.visible(name(chosen.get())));
                return chosen.get();
            }
            out.println("That is none of them.");
        }
    }

    private static Optional<Path> named(List<Path> files, String answer) {
        for (int i = 0; i < files.size(); i++) {
            if (answer.equals(Integer.toString(i + 1)) || answer.equals(name(files.get(i)))) {
                return Optional.of(files.get(i));
            }
        }
        return Optional.empty();
    }

    /** The YAML files that have a source and a destination, readable or not further on. */
    private static List<Path> candidates(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{yaml,yml}")) {
            for (Path file : found) {
                if (describesMigration(file)) {
                    files.add(file);
                }
            }
        } catch (IOException problem) {
            throw new WarpException(
                    ErrorCode.FILE,
                    directory + " cannot be read: " + problem.getMessage(),
                    problem);
        }
        files.sort(null);
        return files;
    }

    private static boolean describesMigration(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
                return false;
            }
            String text = Files.readString(file);
            return SOURCE.matcher(text).find() && DESTINATION.matcher(text).find();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
